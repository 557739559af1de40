import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { OUTAGES_MOST, outagesQuery } from '../../../../api/devices';
import { LATENCY, metricsQuery, type Span } from '../../../../api/metrics';
import type { Device, Outage } from '../../../../api/types';
import { useNow } from '../../../../format/now';
import { plural } from '../../../../format/number';
import { duration } from '../../../../format/time';
import { At, Lasting } from '../../../../ui/Ago';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { TimelineBar } from '../../../../ui/TimelineBar';
import { DEVICE_REASON } from '../../../../words/states';
import classes from './-Device.module.css';
import { endsOf } from './-range';
import { answering, upShare, uptime } from './-uptime';

/** Up and down over time, with the share, and every outage in it. */
export function UptimePanel({ device, span }: { device: Device; span: Span }) {
  const now = useNow();
  const { data, error, refetch } = useQuery(outagesQuery(device.id));
  // The bar need not move each second.
  const minute = Math.ceil(now / 60_000) * 60;
  const [from, to] = endsOf(span, minute);
  // What was lost tells when it answered; the graph above has fetched it.
  const measured = useQuery(metricsQuery(device.id, span, LATENCY));
  const end = Math.min(to, now / 1000);
  const lost = measured.data?.series.find(({ index }) => index === 'loss');
  const parts = lost ? answering(lost) : measured.error ? [[from, end] as [number, number]] : null;
  const found = data && parts ? uptime(device, data, parts, [from, end], OUTAGES_MOST) : null;
  return (
    <Panel title="Uptime" aside={found ? <strong className={classes.share}>{upShare(found)}</strong> : null}>
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {found ? (
        <>
          <TimelineBar
            from={new Date(from * 1000).toISOString()}
            to={new Date(to * 1000).toISOString()}
            endsNow={'seconds' in span}
            label={`Up ${upShare(found)} of the time in which it was watched. ${sums(found.outages.length, found.down)}`}
            segments={found.segments}
          />
          <p className={classes.sums}>{sums(found.outages.length, found.down)}</p>
          {found.outages.length > 0 ? (
            <ScrollTable
              label="Outages"
              rows={found.outages}
              rowId={(outage) => outage.from}
              columns={[
                { header: 'From', cell: (outage) => <At at={outage.from} /> },
                { header: 'To', cell: (outage) => <At at={outage.to} never="still down" /> },
                { header: 'For', cell: (outage) => <Lasted outage={outage} /> },
                { header: 'Why', cell: ({ reason }) => DEVICE_REASON[reason].label },
              ]}
            />
          ) : null}
        </>
      ) : error ? null : (
        <Skeleton height={72} />
      )}
    </Panel>
  );
}

function sums(outages: number, down: number): string {
  if (outages === 0) return 'No outage in this time.';
  return `${plural(outages, 'outage')} in this time, ${duration(down * 1000)} down.`;
}

function Lasted({ outage: { from, to, seconds } }: { outage: Outage }) {
  return to ? duration(seconds * 1000) : <Lasting at={from} />;
}
