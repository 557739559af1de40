import { SegmentedControl } from '@mantine/core';
import { serverNow } from '../../../../format/now';
import { ActionButton } from '../../../../ui/ActionButton';
import { moment } from '../../../../ui/graph/Graph';
import { RANGES as ALL, endsOf, type RangeSearch, rangeOf, spanOf } from '../devices/-range';
import classes from './-Usage.module.css';

/** Counters are read every five minutes: shorter ranges would say little. */
const RANGES = ALL.filter(({ seconds }) => seconds >= 86_400);

interface Props {
  search: RangeSearch;
  onRange: (next: RangeSearch) => void;
}

/** The range of time of the timeline and the usage of a service. */
export function ServiceRange({ search, onRange }: Props) {
  const span = spanOf(search);
  const isMarked = 'from' in span;
  return (
    <section className={classes.ranges} aria-label="Range of time">
      <SegmentedControl
        size="xs"
        aria-label="Range"
        data={RANGES.map(({ value, label }) => ({ value, label }))}
        value={isMarked ? '' : rangeOf(search).value}
        onChange={(range) => onRange({ range })}
      />
      {isMarked ? (
        <>
          <span className={classes.span}>
            {endsOf(span, serverNow() / 1000)
              .map(moment)
              .join(' – ')}
          </span>
          <ActionButton
            size="compact-sm"
            variant="subtle"
            onClick={() => onRange({ range: rangeOf(search).value })}
          >
            Back to now
          </ActionButton>
        </>
      ) : (
        <span className={classes.hint}>Drag over a graph to look closer</span>
      )}
    </section>
  );
}
