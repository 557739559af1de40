import classes from './ShareBar.module.css';
import type { Tone } from './Status';

/** Parts of a whole as one thin bar, in the order given. Parts are told in words beside it; the bar is decoration. */
export function ShareBar({ parts }: { parts: { tone: Tone; count: number }[] }) {
  return (
    <div className={classes.bar} aria-hidden>
      {parts
        .filter(({ count }) => count > 0)
        .map(({ tone, count }) => (
          <div key={tone} className={classes.part} data-tone={tone} style={{ flexGrow: count }} />
        ))}
    </div>
  );
}
