import {
  type Icon,
  IconAccessPoint,
  IconAdjustments,
  IconHistory,
  IconLayoutDashboard,
  IconListCheck,
  IconPlugConnected,
  IconRouter,
  IconTag,
  IconUsers,
} from '@tabler/icons-react';

/** The places of a tenant, in the order of the navigation. */
export const PLACES = [
  { to: '/t/$slug', label: 'Overview', hint: 'how the network is now', icon: IconLayoutDashboard },
  {
    to: '/t/$slug/services',
    label: 'Services',
    hint: 'every service and who is online',
    icon: IconPlugConnected,
  },
  { to: '/t/$slug/customers', label: 'Customers', hint: 'people and companies', icon: IconUsers },
  { to: '/t/$slug/plans', label: 'Plans', hint: 'what is sold, rates and prices', icon: IconTag },
  { to: '/t/$slug/sessions', label: 'Sessions', hint: 'who used an address, and when', icon: IconHistory },
  { to: '/t/$slug/routers', label: 'Routers', hint: 'access routers and their events', icon: IconRouter },
  {
    to: '/t/$slug/devices',
    label: 'Devices',
    hint: 'radios, switches and other equipment',
    icon: IconAccessPoint,
  },
  { to: '/t/$slug/jobs', label: 'Jobs', hint: 'what runs, waits and failed, and why', icon: IconListCheck },
  {
    to: '/t/$slug/settings',
    label: 'Settings',
    hint: 'people, keys, audit, appearance',
    icon: IconAdjustments,
  },
] as const satisfies { to: string; label: string; hint: string; icon: Icon }[];
