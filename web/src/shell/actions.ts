import { type Icon, IconFilter, IconPalette, IconPlus, IconUserPlus } from '@tabler/icons-react';
import type { UseNavigateResult } from '@tanstack/react-router';
import { PLACES } from './places';

export interface PaletteAction {
  label: string;
  words: string;
  icon: Icon;
  run: () => void;
}

const STATUSES = ['online', 'offline', 'unknown'] as const;

/** What to say where nothing was found: a status that does not exist is no word to search for. */
export function nothingFound(query: string): string {
  const status = /^\s*status:(.*)$/i.exec(query)?.[1]?.trim();
  return status ? `There is no status “${status}”: ${STATUSES.join(', ')}.` : `Nothing found for “${query}”`;
}

/** Everywhere one can go and what one can begin. */
export function paletteActions(navigate: UseNavigateResult<string>, slug: string): PaletteAction[] {
  const params = { slug };
  const places = PLACES.map(({ to, label, hint, icon }) => ({
    label,
    words: hint,
    icon,
    run: () => void navigate({ to, params }),
  }));
  const begin = (label: string, words: string, icon: Icon, run: () => Promise<void>): PaletteAction => ({
    label,
    words,
    icon,
    run: () => void run(),
  });
  return [
    ...places,
    ...STATUSES.map((status) =>
      begin(`Services that are ${status}`, `status:${status}`, IconFilter, () =>
        navigate({ to: '/t/$slug/services', params, search: { status } }),
      ),
    ),
    begin('Jobs that failed', 'filter', IconFilter, () =>
      navigate({ to: '/t/$slug/jobs', params, search: { tab: 'failed' } }),
    ),
    begin('Add a router', 'wizard', IconPlus, () => navigate({ to: '/t/$slug/routers/add', params })),
    begin('Add devices', 'by their IP addresses', IconPlus, () =>
      navigate({ to: '/t/$slug/devices', params, search: { form: 'new' } }),
    ),
    begin('Add a service', 'a PPPoE user, a static address or a DHCP device', IconPlus, () =>
      navigate({ to: '/t/$slug/services', params, search: { form: 'new' } }),
    ),
    begin('Add a customer', 'a person or company', IconUserPlus, () =>
      navigate({ to: '/t/$slug/customers', params, search: { form: 'new' } }),
    ),
    begin('Add a plan', 'rate and price', IconPlus, () =>
      navigate({ to: '/t/$slug/plans', params, search: { form: 'new' } }),
    ),
    begin('Invite a person', 'member', IconUserPlus, () =>
      navigate({ to: '/t/$slug/settings/members', params, search: { form: 'new' } }),
    ),
    begin('Appearance', 'light, dark', IconPalette, () =>
      navigate({ to: '/t/$slug/settings/appearance', params }),
    ),
  ];
}
