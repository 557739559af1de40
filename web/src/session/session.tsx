import { createContext, use } from 'react';
import type { Role, Session } from '../api/types';

/** A session that acts in a tenant: what every page below `/t/{slug}` has. */
export type TenantSession = Session & { tenant: NonNullable<Session['tenant']>; role: Role };

const Context = createContext<TenantSession | null>(null);

export const SessionProvider = Context.Provider;

export function useSession(): TenantSession {
  const session = use(Context);
  if (!session) throw new Error('useSession is for pages of a tenant');
  return session;
}

export const ROLES: Record<Role, { label: string; hint: string }> = {
  admin: { label: 'Administrator', hint: 'everything, people and keys included' },
  technician: { label: 'Technician', hint: 'routers, services and customers' },
  support: { label: 'Support', hint: 'customers, and looking at everything' },
  cashier: { label: 'Cashier', hint: 'customers and money' },
  'read-only': { label: 'Read only', hint: 'looking at everything' },
};

const RIGHTS = {
  'services.write': 'change services',
  'customers.write': 'change customers',
  'plans.write': 'change plans',
  'routers.write': 'change routers',
  'routers.test': 'talk to routers',
  'members.manage': 'manage people',
  'keys.manage': 'manage API keys',
  'audit.read': 'read the audit log',
  'tenant.settings': 'change these settings',
} as const;

export type Right = keyof typeof RIGHTS;

/** Why this person may not do what `right` allows, in a sentence; `null` when allowed. The server decides again. */
export function useWhyNot(right: Right): string | null {
  const { rights, role } = useSession();
  if (rights.includes(right)) return null;
  return `Your role (${ROLES[role].label.toLowerCase()}) may not ${RIGHTS[right]}. Ask an administrator.`;
}
