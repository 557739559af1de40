import { money } from '../format/number';

/** What was done, in words; by the name of the action. The thing's name follows. */
export const ACTION: Record<string, string> = {
  'customer.create': 'Added customer',
  'customer.update': 'Changed customer',
  'customer.archive': 'Archived customer',
  'customer.restore': 'Restored customer',
  'customer.erase': 'Erased the history of customer',
  'services.import': 'Imported',
  'services.plan': 'Set the plan of',
  'services.move': 'Moved to another router',
  'services.archive': 'Archived',
  'services.restore': 'Restored',
  'services.undo': 'Undid a change of',
  'profile.plan': 'Set the plan of profile',
  'service.create': 'Added service',
  'service.update': 'Changed service',
  'service.archive': 'Archived service',
  'service.restore': 'Restored service',
  'plan.create': 'Added plan',
  'plan.update': 'Changed plan',
  'plan.archive': 'Archived plan',
  'plan.restore': 'Restored plan',
  'router.create': 'Added router',
  'router.update': 'Changed router',
  'router.archive': 'Archived router',
  'router.restore': 'Restored router',
  'device.create': 'Added device',
  'device.update': 'Changed device',
  'device.archive': 'Archived device',
  'device.restore': 'Restored device',
  'snmp-login.create': 'Added SNMP login',
  'snmp-login.update': 'Changed SNMP login',
  'snmp-login.delete': 'Deleted SNMP login',
  'router.token': 'Made a new webhook token for router',
  'router.script': 'Read the script of router',
  'router.test': 'Tested router',
  'member.add': 'Invited',
  'member.role': 'Changed the role of',
  'member.remove': 'Removed',
  'member.reset': 'Made a password link for',
  'member.password': 'Set the password of',
  'key.create': 'Created API key',
  'key.rename': 'Renamed API key',
  'key.revoke': 'Revoked API key',
  'tenant.settings': 'Changed the settings',
  'tenant.setup': 'Set up the provider',
};

/** An action in words; one that is new here by its own name. */
export const actionInWords = (action: string): string =>
  Object.hasOwn(ACTION, action) ? (ACTION[action] ?? action) : action;

/** What is for programs, or said elsewhere on the line. */
const HIDDEN = ['rows', 'services', 'added', 'undid', 'service', 'profile'];

/** `{"name":"Office","plan":["Home","Office"]}` as `name: Office, plan: Home → Office`. */
export function detailInWords(detail: string): string {
  const entries = Object.entries(parsed(detail) ?? { '': detail });
  const words = entries
    .filter(([name]) => !HIDDEN.includes(name))
    .map(([name, value]) => (name ? `${name}: ${inWords(value)}` : inWords(value)));
  return words.join(', ');
}

function inWords(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value) && value.length === 2) return `${inWords(value[0])} → ${inWords(value[1])}`;
  if (typeof value === 'object' && 'minor' in value) return money(value as Parameters<typeof money>[0]);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(detail: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(detail) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A line about many things, which opens and can be undone. */
export const isBulk = (action: string): boolean => action.startsWith('services.');

/** How many services a line about many things is about. */
export function bulkCount(detail: string): number {
  const { services, added = 0, updated = 0, restored = 0 } = (parsed(detail) ?? {}) as Record<string, number>;
  return services ?? added + updated + restored;
}

/** What a row of such a line is called: the service, the customer, or the profile. */
export function bulkName(detail: string): string | undefined {
  const { service, name, profile } = (parsed(detail) ?? {}) as Record<string, string>;
  return service ?? name ?? profile;
}
