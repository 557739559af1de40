import { useNow } from '../format/now';
import { ago, ahead, dateTime, duration, exact } from '../format/time';

interface Props {
  /** RFC 3339; `null` when it never happened. */
  at: string | null | undefined;
  /** What to show for never. */
  never?: string;
}

/** How long ago, counting up by itself: `12 s ago`. */
export function Ago({ at, never = 'never' }: Props) {
  const now = useNow();
  if (!at) return <span>{never}</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How soon, counting down by itself: `in 4 min`. */
export function Ahead({ at, never = '–' }: Props) {
  const now = useNow();
  if (!at) return <span data-none>{never}</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {ahead(at, now)}
    </time>
  );
}

/** How long something has lasted: `3 d 4 h`. */
export function Lasting({ at, never = '–' }: Props) {
  const now = useNow();
  if (!at) return <span data-none>{never}</span>;
  return (
    <time dateTime={at} title={`since ${exact(at)}`}>
      {duration(now - Date.parse(at))}
    </time>
  );
}

/** The day and minute. */
export function At({ at, never = '–' }: Props) {
  const now = useNow();
  if (!at) return <span data-none>{never}</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {dateTime(at, now)}
    </time>
  );
}
