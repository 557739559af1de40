import { Skeleton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { Span } from '../../../../api/span';
import type { Usage, UsageRate } from '../../../../api/types';
import { usageQuery } from '../../../../api/usage';
import { plural, volume } from '../../../../format/number';
import { utcDay } from '../../../../format/time';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago } from '../../../../ui/Ago';
import { type Bar, DayBars } from '../../../../ui/DayBars';
import { saveFile } from '../../../../ui/download';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Graph } from '../../../../ui/graph/Graph';
import { valueAt } from '../../../../ui/graph/table';
import { Notice } from '../../../../ui/Notice';
import { Panel } from '../../../../ui/Panel';
import { COUNTED_BY } from '../../../../words/states';
import type { Zoom } from '../devices/-Ranges';
import classes from './-Usage.module.css';
import {
  bits,
  both,
  EDGE,
  everyDay,
  HIGHEST,
  isCounted,
  MEAN,
  rateSummary,
  rateTable,
  usageSheet,
} from './-usage';

interface Props {
  id: string;
  name: string;
  span: Span;
  zoom: Zoom;
}

const POINTS = 600;
const HEIGHT = 300;
const GRAPH_HEIGHT = 150;

/** How much a service carried: in all, by day, and how fast. */
export function UsagePanel({ id, name, span, zoom }: Props) {
  const { data, error, refetch } = useQuery(usageQuery(id, span, POINTS));
  const any = data !== undefined && isCounted(data);
  return (
    <Panel
      title="Usage"
      aside={
        any ? (
          <ActionButton
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
            aria-label="CSV of the days"
            onClick={() => saveFile(`${name} usage.csv`, usageSheet(data.days))}
          >
            CSV
          </ActionButton>
        ) : null
      }
    >
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        any ? (
          <Shown usage={data} zoom={zoom} />
        ) : (
          <NothingCounted usage={data} />
        )
      ) : error ? null : (
        <Skeleton height={HEIGHT} />
      )}
    </Panel>
  );
}

function Shown({ usage, zoom }: { usage: Usage; zoom: Zoom }) {
  const { total, rates, from, to, incomplete } = usage;
  const days = useMemo(() => everyDay(usage), [usage]);
  const bars = useMemo(
    () => days.map(({ at, day }): Bar => ({ at, parts: day ? [day.down, day.up] : null })),
    [days],
  );
  const ends = { from: Date.parse(from) / 1000, to: Date.parse(to) / 1000 };
  return (
    <div className={classes.usage}>
      {incomplete ? <Incomplete /> : null}
      <dl className={classes.figures}>
        <Figure name="Down">{volume(total.down)}</Figure>
        <Figure name="Up">{volume(total.up)}</Figure>
        <Figure name="Both">{volume(total.down + total.up)}</Figure>
      </dl>
      <DayBars
        bars={bars}
        label="Usage by day"
        names={['down', 'up']}
        value={volume}
        day={utcDay}
        words={({ at, parts }) =>
          `${utcDay(at)}: ${parts ? both({ down: parts[0], up: parts[1] }) : 'nothing counted'}`
        }
        summary={`${plural(days.length, 'day')}, ${both(total)}. Days are UTC, and the first and last count as a whole.`}
      />
      <div className={classes.rates}>
        <RateGraph title="Rate down" rate={rates.down} ends={ends} zoom={zoom} />
        <RateGraph title="Rate up" rate={rates.up} ends={ends} zoom={zoom} />
      </div>
      <p className={classes.note}>
        <Source usage={usage} /> This is a lower bound: bytes before a counter was reset and since the last
        reading are not known.
      </p>
    </div>
  );
}

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

interface RateProps {
  title: string;
  rate: UsageRate;
  ends: { from: number; to: number };
  zoom: Zoom;
}

function RateGraph({ title, rate, ends, zoom }: RateProps) {
  const table = useMemo(() => rateTable(rate), [rate]);
  return (
    <section aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      <Graph
        label={title}
        table={table}
        names={NAMES}
        band={[EDGE, HIGHEST]}
        height={GRAPH_HEIGHT}
        low={0}
        scale={bits}
        value={bits}
        words={(index) => {
          const [mean, highest] = [MEAN, HIGHEST].map((place) => valueAt(table.columns[place] ?? [], index));
          if (mean == null || highest == null) return 'nothing counted';
          return highest > mean ? `${bits(mean)} on average, ${bits(highest)} at most` : bits(mean);
        }}
        summary={rateSummary(rate)}
        legend={<Legend />}
        {...ends}
        {...zoom}
      />
    </section>
  );
}

const NAMES: string[] = [];
NAMES[MEAN] = 'Mean';
NAMES[HIGHEST] = 'Highest';

/** What colours and shapes mean. */
const Legend = () => (
  <ul className={classes.legend}>
    <li>
      <svg viewBox="0 0 18 8" aria-hidden="true">
        <path d="M0 4H18" className={classes.mean} />
      </svg>
      mean
    </li>
    <li>
      <svg viewBox="0 0 18 8" aria-hidden="true">
        <path d="M0 0H18V8H0z" className={classes.band} />
      </svg>
      up to the highest
    </li>
  </ul>
);

/** FastTrack makes a queue blind. */
export const Incomplete = () => (
  <Notice tone="warn" title="Incomplete: much is missing">
    FastTrack on the router passes the queue by, so most of the traffic is not counted. Exclude this address
    from the FastTrack rule, or turn the rule off, to count everything.
  </Notice>
);

/** What is counted, and when that was last. */
function Source({ usage: { source, readAt } }: { usage: Usage }) {
  return (
    <>
      {source ? `Counted by ${COUNTED_BY[source]}` : 'At the last reading nothing counted it'}
      {readAt ? (
        <>
          , read <Ago at={readAt} />
        </>
      ) : null}
      .
    </>
  );
}

/** Why there is nothing, and when there will be. */
function NothingCounted({ usage: { readAt, source, incomplete } }: { usage: Usage }) {
  if (!readAt) {
    return (
      <Empty title="Nothing counted yet">
        The counters of the router are read every five minutes; the first figures come with the second
        reading.
      </Empty>
    );
  }
  if (source) {
    return (
      <>
        {incomplete ? <Incomplete /> : null}
        <Empty title="Nothing counted in this time">
          It is counted by {COUNTED_BY[source]}, read <Ago at={readAt} />. The next reading comes within five
          minutes.
        </Empty>
      </>
    );
  }
  return (
    <Empty title="Nothing counts this service">
      The router has no counter of it: PPPoE is counted while its session is up, other services by a simple
      queue for their address. Counters were read <Ago at={readAt} />, and are read every five minutes.
    </Empty>
  );
}
