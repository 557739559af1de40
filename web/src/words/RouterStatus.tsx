import type { RouterState } from '../api/types';
import { Status } from '../ui/Status';
import { ROUTER } from './states';

export function RouterStatus({ state, filled = false }: { state: RouterState; filled?: boolean }) {
  const { tone, label } = ROUTER[state];
  return <Status tone={tone} label={label} filled={filled} />;
}
