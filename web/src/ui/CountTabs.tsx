import { count } from '../format/number';
import classes from './CountTabs.module.css';
import { useChosenInSight } from './chosen';
import { Glyph, type Tone } from './Status';

export interface CountTab {
  id: string;
  label: string;
  tone?: Tone;
  count: number | undefined;
}

/** A choice between parts of a list, each with how many there are. */
export function CountTabs({
  tabs,
  chosen,
  onChoose,
}: {
  tabs: CountTab[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  const row = useChosenInSight<HTMLDivElement>(chosen);
  return (
    <div className={classes.tabs} ref={row}>
      {tabs.map(({ id, label, tone, count: number }) => (
        <button
          key={id}
          type="button"
          className={classes.tab}
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
        >
          {tone ? <Glyph tone={tone} /> : null}
          {label}
          <span className={classes.count}>{number === undefined ? '' : count(number)}</span>
        </button>
      ))}
    </div>
  );
}
