import { useEffect, useRef } from 'react';
import { between, type Selection, ticked } from './selection';
import classes from './Ticks.module.css';

interface Props {
  /** Every row that is here, in order. */
  ids: string[];
  selection: Selection;
}

/** Ticks every row that is here. */
export function TickAll({ ids, selection: { chosen, onChange } }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const many = ids.filter((id) => chosen.has(id)).length;
  const some = many > 0 && many < ids.length;
  useEffect(() => {
    if (input.current) input.current.indeterminate = some;
  }, [some]);
  return (
    <label className={classes.tick}>
      <input
        ref={input}
        type="checkbox"
        aria-label="Select all rows shown"
        checked={many > 0 && many === ids.length}
        onChange={(event) => onChange(ticked(chosen, ids, event.currentTarget.checked))}
      />
    </label>
  );
}

/** The row that was ticked last: a click with Shift takes all from there. */
let last: string | null = null;

/** Ticks one row; with Shift all from the one that was ticked before. */
export function TickRow({ id, ids, selection: { chosen, onChange, name } }: Props & { id: string }) {
  return (
    <label className={classes.tick}>
      <input
        type="checkbox"
        aria-label={`Select ${name(id)}`}
        checked={chosen.has(id)}
        onChange={({ currentTarget: { checked }, nativeEvent }) => {
          const shift = (nativeEvent as Event & { shiftKey?: boolean }).shiftKey === true;
          onChange(ticked(chosen, shift ? between(ids, last, id) : [id], checked));
          last = id;
        }}
      />
    </label>
  );
}
