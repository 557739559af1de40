import type { Overview } from '../../../../api/types';
import { count, percent } from '../../../../format/number';

type Counts = Pick<Overview['services'], 'online' | 'unknown' | 'total'>;

/** How many are online, in short. Where nothing is known, nobody is offline. */
export const onlineNow = ({ online, unknown, total }: Counts): string =>
  total > 0 && unknown === total ? `${count(unknown)} unknown` : `${percent(online, total)} online`;
