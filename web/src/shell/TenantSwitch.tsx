import { IconSelector } from '@tabler/icons-react';
import { useSession } from '../session/session';
import { LazyMenu } from './LazyMenu';
import classes from './TenantSwitch.module.css';

const open = () => import('./TenantSwitchOpen');

/** Which Internet provider this is about; for people who belong to several. */
export function TenantSwitch() {
  const { tenant, memberships } = useSession();
  if (memberships.length < 2) return null;
  return (
    <LazyMenu load={open} className={classes.switch}>
      <span>{tenant.name}</span>
      <IconSelector size={15} aria-hidden />
    </LazyMenu>
  );
}
