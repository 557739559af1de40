import { Link } from '@tanstack/react-router';
import { useSession } from '../session/session';
import { Logo } from './Logo';
import classes from './Navigation.module.css';
import { PLACES } from './places';
import { TenantSwitch } from './TenantSwitch';

/** The places of this tenant. */
export function Navigation() {
  const { tenant, version } = useSession();
  return (
    <div className={classes.frame}>
      <div className={classes.brand}>
        <Logo />
        <span>IMSys</span>
      </div>
      <TenantSwitch />
      <nav aria-label="Places" className={classes.list}>
        {PLACES.map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            params={{ slug: tenant.slug }}
            activeOptions={{ exact: to === '/t/$slug', includeSearch: false }}
            className={classes.link}
          >
            <Icon size={17} stroke={1.7} aria-hidden />
            {label}
          </Link>
        ))}
      </nav>
      <p className={classes.version}>Version {version}</p>
    </div>
  );
}
