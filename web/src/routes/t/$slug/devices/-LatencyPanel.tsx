import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LATENCY, metricsQuery, type Span } from '../../../../api/metrics';
import { digits, loss, millis } from '../../../../format/number';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Graph } from '../../../../ui/graph/Graph';
import { type Table, valueAt } from '../../../../ui/graph/table';
import { Panel } from '../../../../ui/Panel';
import classes from './-Device.module.css';
import { ceiling, HIGHEST, LOSS, LOSSES, LOWEST, latencyTable, MEDIAN, summary, WORST } from './-latency';
import { paintLatency } from './-paintLatency';
import type { Zoom } from './-Ranges';

/** Lowest, highest and median latency over time, and what was lost. */
export function LatencyPanel({ id, span, zoom }: { id: string; span: Span; zoom: Zoom }) {
  const { data, error, refetch } = useQuery(metricsQuery(id, span, LATENCY));
  const table = useMemo(() => latencyTable(data?.series ?? []), [data]);
  const high = useMemo(() => ceiling(table.columns[HIGHEST] ?? []), [table]);
  const paint = useMemo(() => paintLatency(table, high), [table, high]);
  return (
    <Panel title="Latency and loss">
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {!data ? (
        error ? null : (
          <Skeleton height={HEIGHT} />
        )
      ) : table.at.length === 0 ? (
        <Empty title="Nothing was measured in this time">
          A device is measured each time that it is asked, from when it was added.
        </Empty>
      ) : (
        <Graph
          label="Latency and loss"
          table={table}
          names={NAMES}
          from={Date.parse(data.from) / 1000}
          to={Date.parse(data.to) / 1000}
          height={HEIGHT}
          drawn={LOSS}
          band={[LOWEST, HIGHEST]}
          paint={paint}
          low={0}
          high={high}
          scale={(value) => `${digits(value)} ms`}
          value={(value, column) => (column >= LOSS ? loss(value) : millis(value))}
          words={(index) => words(table, index)}
          summary={summary(table)}
          legend={<Legend isCut={high !== undefined} />}
          {...zoom}
        />
      )}
    </Panel>
  );
}

const HEIGHT = 260;

const NAMES: string[] = [];
NAMES[LOWEST] = 'Lowest';
NAMES[HIGHEST] = 'Highest';
NAMES[MEDIAN] = 'Median';
NAMES[LOSS] = 'Lost';
NAMES[WORST] = 'Lost at worst';

function words({ columns }: Table, index: number): string {
  const at = (place: number) => valueAt(columns[place] ?? [], index);
  const [median, low, high, lost] = [at(MEDIAN), at(LOWEST), at(HIGHEST), at(LOSS)];
  if (lost !== null && lost >= 100) return 'everything was lost';
  if (median === null) return lost === null ? 'no data' : `${loss(lost)} lost`;
  const between = low === null || high === null ? '' : `, ${digits(low)}–${millis(high)}`;
  return `median ${millis(median)}${between}${lost === null ? '' : `, ${loss(lost)} lost`}`;
}

/** What colours and shapes mean. */
function Legend({ isCut }: { isCut: boolean }) {
  return (
    <ul className={classes.legend}>
      {Object.values(LOSSES).map(({ label, colour, width }) => (
        <li key={label}>
          <svg viewBox="0 0 18 8" aria-hidden="true">
            <path d="M0 4H18" style={{ stroke: `var(${colour})`, strokeWidth: width }} />
          </svg>
          {label}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 18 8" aria-hidden="true">
          <path d="M4 8V0M10 8V4" style={{ stroke: 'var(--bad-fill)', strokeWidth: 3 }} />
        </svg>
        all lost (half: at times)
      </li>
      <li>
        <svg viewBox="0 0 18 8" aria-hidden="true">
          <path d="M0 0H18V8H0z" className={classes.band} />
        </svg>
        lowest to highest
      </li>
      {isCut ? (
        <li>
          <svg viewBox="0 0 18 8" aria-hidden="true">
            <path d="M9 1L14 7H4z" className={classes.mark} />
          </svg>
          higher than shown
        </li>
      ) : null}
    </ul>
  );
}
