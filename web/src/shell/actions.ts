import { type Icon, IconFilter, IconPalette, IconPlus, IconUserPlus } from '@tabler/icons-react';
import type { UseNavigateResult } from '@tanstack/react-router';
import { PLACES } from './places';

export interface PaletteAction {
  label: string;
  words: string;
  icon: Icon;
  run: () => void;
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
    begin('Services that are offline', 'filter', IconFilter, () =>
      navigate({ to: '/t/$slug/services', params, search: { status: 'offline' } }),
    ),
    begin('Jobs that failed', 'filter', IconFilter, () =>
      navigate({ to: '/t/$slug/jobs', params, search: { tab: 'failed' } }),
    ),
    begin('Add a router', 'wizard', IconPlus, () => navigate({ to: '/t/$slug/routers/add', params })),
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
