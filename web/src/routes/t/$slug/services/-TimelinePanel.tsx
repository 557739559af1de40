import { SegmentedControl, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { timelineQuery } from '../../../../api/services';
import type { Timeline } from '../../../../api/types';
import { percent } from '../../../../format/number';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { TimelineBar } from '../../../../ui/TimelineBar';
import { SERVICE, SOURCE } from '../../../../words/states';

export const RANGES = [
  { value: '1d', label: '24 h', hours: 24 },
  { value: '7d', label: '7 days', hours: 7 * 24 },
  { value: '30d', label: '30 days', hours: 30 * 24 },
] as const;

interface Props {
  id: string;
  range: string | undefined;
  onRange: (range: string) => void;
}

/** Online and offline over time. */
export function TimelinePanel({ id, range, onRange }: Props) {
  const chosen = RANGES.find(({ value }) => value === range) ?? RANGES[0];
  const { data, error, refetch } = useQuery({
    ...timelineQuery(id, chosen.hours),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel
      title="Timeline"
      aside={
        <>
          {data ? <span className="numbers">{share(data)} online</span> : null}
          <SegmentedControl
            size="xs"
            aria-label="Range"
            data={RANGES.map(({ value, label }) => ({ value, label }))}
            value={chosen.value}
            onChange={onRange}
          />
        </>
      }
    >
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <TimelineBar
          from={data.from}
          to={data.to}
          label={`Online ${share(data)} of the last ${chosen.label}, as far as watched`}
          segments={watched(data).map(({ status, source, ...times }) => ({
            ...times,
            ...SERVICE[status],
            note: source ? SOURCE[source].long : null,
          }))}
        />
      ) : error ? null : (
        <Skeleton height={72} />
      )}
    </Panel>
  );
}

/** Without the time before anybody watched, which says nothing about the service and stays empty. */
const watched = ({ segments }: Timeline) => segments.filter(({ source }) => source);

const length = (segments: Timeline['segments']): number =>
  segments.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);

/** The share of the watched time that the service was online. */
function share(timeline: Timeline): string {
  const known = watched(timeline);
  return percent(length(known.filter(({ status }) => status === 'online')), length(known));
}
