import { SegmentedControl, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { trendQuery } from '../../../../api/overview';
import type { Trend } from '../../../../api/types';
import { serverNow } from '../../../../format/now';
import { count } from '../../../../format/number';
import { dateTime, dayName, duration, timeOfDay } from '../../../../format/time';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Glyph } from '../../../../ui/Status';
import { TrendChart } from '../../../../ui/TrendChart';
import { type Point, type Shape, shape, ticks } from '../../../../ui/trend';
import classes from './Overview.module.css';

const RANGES = [
  { value: 'day', label: '24 h', hours: 6 },
  { value: 'month', label: '30 days', hours: 7 * 24 },
] as const;

interface Props {
  range: string | undefined;
  onRange: (range: string) => void;
}

/** How many services were online over the last day or month. */
export function TrendPanel({ range, onRange }: Props) {
  const chosen = RANGES.find(({ value }) => value === range) ?? RANGES[0];
  const { data, error, refetch } = useQuery({
    ...trendQuery(chosen.value),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel
      title="Online over time"
      aside={
        <>
          <span className={classes.name}>
            <Glyph tone="good" /> Online
          </span>
          <span className={classes.name}>
            <Glyph tone="idle" /> Unknown
          </span>
          <SegmentedControl
            size="xs"
            aria-label="Range of the graph"
            data={RANGES.map(({ value, label }) => ({ value, label }))}
            value={chosen.value}
            onChange={onRange}
          />
        </>
      }
    >
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Graph trend={data} /> : error ? null : <Skeleton height={220} />}
    </Panel>
  );
}

function Graph({ trend }: { trend: Trend }) {
  const [from, to, every] = [Date.parse(trend.from), Date.parse(trend.to), trend.intervalSeconds * 1000];
  const points = trend.points.map(({ at, online, offline, unknown, lowestOnline }) => ({
    at: Date.parse(at),
    value: online,
    unknown,
    rest: offline,
    lowest: lowestOnline,
  }));
  const made = shape(points, from, to, every);
  if (made.runs.length === 0) {
    return <Empty title="Nothing counted yet">Services are counted every five minutes from now on.</Empty>;
  }
  const month = trend.range === 'month';
  const hours = RANGES.find(({ value }) => value === trend.range)?.hours ?? 24;
  const name = (at: number) => (month ? dayName(at) : timeOfDay(at));
  return (
    <TrendChart
      shape={made}
      from={from}
      to={to}
      every={every}
      ticks={ticks(from, to, hours).map((at) => ({ at, label: name(at) }))}
      label="Time in the graph of services online"
      words={slotWords}
      summary={summary(made, month)}
    />
  );
}

const moment = (at: number): string => dateTime(new Date(at).toISOString(), serverNow());

function slotWords(at: number, point: Point | null): string {
  if (!point) return `${moment(at)}: not counted`;
  const parts = [`${count(point.value)} online`];
  if (point.lowest < point.value) parts.push(`lowest ${count(point.lowest)}`);
  parts.push(`${count(point.rest)} offline`, `${count(point.unknown)} unknown`);
  return `${moment(at)}: ${parts.join(', ')}`;
}

function summary({ lowest, highest, uncounted }: Shape, month: boolean): string {
  if (!lowest || !highest) return '';
  const gaps = uncounted > 0 ? ` Not counted for ${duration(uncounted)}.` : '';
  const time = month ? moment : (at: number) => timeOfDay(at);
  return `Lowest ${count(lowest.lowest)} (${time(lowest.at)}), highest ${count(highest.value)} (${time(highest.at)}).${gaps}`;
}
