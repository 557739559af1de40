import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { metricsKey } from '../../../../api/metrics';
import type { Metrics } from '../../../../api/types';
import { serverNow } from '../../../../format/now';
import { ActionButton } from '../../../../ui/ActionButton';
import { saveFile } from '../../../../ui/download';
import { moment } from '../../../../ui/graph/Graph';
import classes from './-Device.module.css';
import { endsOf, marked, moved, RANGES, type RangeSearch, rangeOf, spanOf } from './-range';
import { sheetOf } from './-sheet';

/** What every graph of the page shares: where it shows its cursor, and what marking a part of it does. */
export interface Zoom {
  sync: string;
  onZoom: (from: number, to: number) => void;
  onZoomOut: () => void;
}

export const zoomOf = (search: RangeSearch, onRange: (next: RangeSearch) => void): Zoom => ({
  sync: 'device',
  onZoom: (from, to) => onRange({ ...search, ...marked(from, to) }),
  onZoomOut: () => onRange({ range: rangeOf(search).value }),
});

interface Props {
  id: string;
  name: string;
  search: RangeSearch;
  onRange: (next: RangeSearch) => void;
}

/** The range of time of all graphs of the page, and their numbers as a file. */
export function Ranges({ id, name, search, onRange }: Props) {
  const queries = useQueryClient();
  const span = spanOf(search);
  const isMarked = 'from' in span;
  const now = serverNow() / 1000;
  const later = moved(span, 1, now);
  const save = () => {
    const shown = queries.getQueryCache().findAll({ queryKey: metricsKey(id, span), type: 'active' });
    const metrics = shown.flatMap(({ state }) => (state.data ? [state.data as Metrics] : []));
    saveFile(`${name}.csv`, sheetOf(metrics.flatMap(({ series }) => series)));
  };
  return (
    <section className={classes.ranges} aria-label="Range of time">
      <SegmentedControl
        size="xs"
        aria-label="Range"
        data={RANGES.map(({ value, label }) => ({ value, label }))}
        value={isMarked ? '' : rangeOf(search).value}
        onChange={(range) => onRange({ range })}
      />
      <span className={classes.steps}>
        <ActionIcon aria-label="Earlier" onClick={() => onRange({ ...search, ...moved(span, -1, now) })}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <ActionIcon
          aria-label="Later"
          disabled={!isMarked}
          onClick={() => onRange(later ? { ...search, ...later } : { range: rangeOf(search).value })}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </span>
      {isMarked ? (
        <>
          <span className={classes.span}>{endsOf(span, now).map(moment).join(' – ')}</span>
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
      <span className={classes.file}>
        <ActionButton
          size="compact-md"
          variant="default"
          leftSection={<IconDownload size={15} />}
          onClick={save}
        >
          CSV
        </ActionButton>
      </span>
    </section>
  );
}
