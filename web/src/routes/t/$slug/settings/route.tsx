import { createFileRoute, Link, Outlet, useLocation } from '@tanstack/react-router';
import { useSession } from '../../../../session/session';
import { useChosenInSight } from '../../../../ui/chosen';
import { Page } from '../../../../ui/Page';
import classes from './-Settings.module.css';

export const Route = createFileRoute('/t/$slug/settings')({ component: SettingsPage });

const SECTIONS = [
  { to: '/t/$slug/settings/general', label: 'General' },
  { to: '/t/$slug/settings/members', label: 'People' },
  { to: '/t/$slug/settings/api-keys', label: 'API keys' },
  { to: '/t/$slug/settings/snmp', label: 'SNMP logins' },
  { to: '/t/$slug/settings/audit', label: 'Audit' },
  { to: '/t/$slug/settings/account', label: 'Your account' },
  { to: '/t/$slug/settings/appearance', label: 'Appearance' },
] as const;

function SettingsPage() {
  const { slug } = useSession().tenant;
  const row = useChosenInSight<HTMLElement>(useLocation().pathname);
  return (
    <Page title="Settings">
      <nav ref={row} aria-label="Settings" className={classes.sections}>
        {SECTIONS.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ slug }}
            className={classes.section}
            activeOptions={{ includeSearch: false }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}
