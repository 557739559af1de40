import { Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { timelineQuery } from '../../../../api/services';
import type { Span } from '../../../../api/span';
import type { Timeline } from '../../../../api/types';
import { percent } from '../../../../format/number';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { TimelineBar } from '../../../../ui/TimelineBar';
import { SERVICE, SOURCE } from '../../../../words/states';

/** Online and offline over time. */
export function TimelinePanel({ id, span }: { id: string; span: Span }) {
  const { data, error, refetch } = useQuery({
    ...timelineQuery(id, span),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title="Timeline" aside={data ? <span className="numbers">{share(data)} online</span> : null}>
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <TimelineBar
          from={data.from}
          to={data.to}
          label={`Online ${share(data)} of this time, as far as watched`}
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
