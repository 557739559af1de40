import { initials } from '../format/name';
import { useSession } from '../session/session';
import { LazyMenu } from './LazyMenu';
import classes from './UserMenu.module.css';

const open = () => import('./UserMenuOpen');

/** Who is signed in; colours; the way out. */
export function UserMenu() {
  const { user } = useSession();
  return (
    <LazyMenu load={open} className={classes.face} label={`Account of ${user.name}`}>
      {initials(user.name)}
    </LazyMenu>
  );
}
