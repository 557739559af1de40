import type { EndCause } from '../api/types';
import { ENDED } from './states';

/** Why a session ended, in a word; more of it when pointed at. */
export function EndedBy({ cause }: { cause: EndCause | null | undefined }) {
  if (!cause) return <span data-none>–</span>;
  const { label, long } = ENDED[cause];
  return <span title={long}>{label}</span>;
}
