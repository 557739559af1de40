import { IconPencil } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { archiveDevice, deviceQuery, outagesQuery, restoreDevice } from '../../../../api/devices';
import { LATENCY, metricsQuery } from '../../../../api/metrics';
import { routerQuery } from '../../../../api/routers';
import type { Device } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { loss, millis } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, At, Lasting } from '../../../../ui/Ago';
import { Columns } from '../../../../ui/Columns';
import { Confirm } from '../../../../ui/Confirm';
import { CopyText } from '../../../../ui/CopyText';
import { Facts } from '../../../../ui/Facts';
import { MoreMenu } from '../../../../ui/MoreMenu';
import { Page } from '../../../../ui/Page';
import { PageSkeleton } from '../../../../ui/PageSkeleton';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { attempt, toast } from '../../../../ui/toast';
import { ArchivedSince, RestoreButton } from '../../../../words/Archived';
import { DeviceStatus } from '../../../../words/DeviceStatus';
import { RouterLink } from '../../../../words/Links';
import { DEVICE_REASON, REACH, SNMP } from '../../../../words/states';
import { texts } from '../../../-search';
import { PageFailed } from '../-PageFailed';
import { LatencyPanel } from './-LatencyPanel';
import { Ports } from './-Ports';
import { Ranges, zoomOf } from './-Ranges';
import { Readings } from './-Readings';
import { type RangeSearch, spanOf } from './-range';
import { UptimePanel } from './-UptimePanel';

const DeviceSheet = lazy(() => import('./-DeviceSheet'));

interface Search extends RangeSearch {
  form?: string;
  /** What is open: the traffic of a port, the graphs of a station. */
  port?: string;
  station?: string;
}

export const Route = createFileRoute('/t/$slug/devices/$id')({
  validateSearch: (search): Search => texts(search, ['range', 'from', 'to', 'form', 'port', 'station']),
  loaderDeps: ({ search: { range, from, to } }) => ({ range, from, to }),
  loader: ({ context: { queries }, params: { id }, deps }) => {
    void queries.prefetchQuery(deviceQuery(id));
    void queries.prefetchQuery(outagesQuery(id));
    void queries.prefetchQuery(metricsQuery(id, spanOf(deps as RangeSearch), LATENCY));
  },
  component: DevicePage,
});

function DevicePage() {
  const { id } = Route.useParams();
  const { slug } = useSession().tenant;
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: device, error, refetch } = useQuery(deviceQuery(id));
  const back = (
    <Link to="/t/$slug/devices" params={{ slug }}>
      Devices
    </Link>
  );
  if (error && !device) return <PageFailed error={error} onRetry={() => void refetch()} back={back} />;
  if (!device) return <PageSkeleton />;
  const show = (next: Search) => void navigate({ search: next, replace: true });
  const { form, port, station, ...range } = search;
  const open = { ...(port ? { port } : {}), ...(station ? { station } : {}) };
  // Another range is a step that the browser goes back from.
  const onRange = (next: RangeSearch) => void navigate({ search: { ...next, ...open } });
  const shared = { id, span: spanOf(range), zoom: zoomOf(range, onRange) };
  return (
    <Page
      title={device.name}
      heading={<Safe text={device.name} />}
      back={back}
      note={<DeviceStatus {...device} filled brief />}
      sub={
        device.archived ? (
          <ArchivedSince at={device.archivedAt} what="not asked; its history is kept" />
        ) : (
          <Headline device={device} />
        )
      }
      actions={
        device.archived ? (
          <Restore device={device} />
        ) : (
          <Actions device={device} onEdit={() => show({ ...search, form: 'edit' })} />
        )
      }
    >
      <Ranges id={id} name={device.name} search={range} onRange={onRange} />
      <Columns aside={<About device={device} />}>
        <LatencyPanel {...shared} />
        <UptimePanel device={device} span={shared.span} />
        <Readings
          {...shared}
          chosen={station}
          onChoose={(next) => show({ ...range, ...open, station: next })}
        />
        <Ports {...shared} chosen={port} onChoose={(next) => show({ ...range, ...open, port: next })} />
      </Columns>
      {form === 'edit' && !device.archived ? (
        <Suspense>
          <DeviceSheet device={device} onClose={() => show({ ...range, ...open })} />
        </Suspense>
      ) : null}
    </Page>
  );
}

/** One sentence: since when, why, how fast, and how old that is. */
function Headline({ device: { since, reason, latencyMs, lossPct, checkedAt } }: { device: Device }) {
  return (
    <>
      For <Lasting at={since} />, since <At at={since} />
      {reason ? ` · ${DEVICE_REASON[reason].long}` : null}
      {latencyMs == null ? null : ` · ${millis(latencyMs)}`}
      {lossPct == null ? null : ` · ${loss(lossPct)} lost`}
      {' · checked '}
      <Ago at={checkedAt} />
    </>
  );
}

function Actions({ device, onEdit }: { device: Device; onEdit: () => void }) {
  const whyNot = useWhyNot('routers.write');
  const queries = useQueryClient();
  const navigate = Route.useNavigate();
  const [asking, setAsking] = useState(false);
  const restore = async () => {
    await restoreDevice(device.id);
    void toast(`${device.name} restored`);
    await queries.invalidateQueries();
  };
  const archive = async () => {
    await archiveDevice(device.id);
    const undo = () => void attempt(restore()).catch(() => undefined);
    void toast(`${device.name} archived`, 'good', { label: 'Undo', run: undo });
    await navigate({ to: '/t/$slug/devices' });
    void queries.invalidateQueries();
  };
  return (
    <>
      <ActionButton variant="default" leftSection={<IconPencil size={16} />} whyNot={whyNot} onClick={onEdit}>
        Edit
      </ActionButton>
      <MoreMenu
        items={[{ label: 'Archive device…', whyNot, danger: true, onClick: () => setAsking(true) }]}
      />
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Archive ${plain(device.name)}?`}
        confirm="Archive"
        onConfirm={() => attempt(archive())}
      >
        It leaves the list and is not asked any more. Its history is kept, and it can be restored.
      </Confirm>
    </>
  );
}

function Restore({ device }: { device: Device }) {
  const whyNot = useWhyNot('routers.write');
  return <RestoreButton name={plain(device.name)} whyNot={whyNot} work={() => restoreDevice(device.id)} />;
}

function About({ device }: { device: Device }) {
  const { routerId, snmp } = device;
  const router = useQuery({ ...routerQuery(routerId ?? ''), enabled: Boolean(routerId) }).data;
  const told = (
    [
      ['Model', device.model],
      ['System', device.os],
      ['Calls itself', device.sysName],
    ] as const
  ).flatMap(([name, text]): [string, React.ReactNode][] =>
    text ? [[name, <Safe key={name} text={text} />]] : [],
  );
  return (
    <Panel title="About">
      <Facts
        items={[
          ['Address', <CopyText key="a" text={device.address} />],
          ['Router', <RouterLink key="r" id={routerId} name={router?.name} />],
          ['Asked by', REACH[device.reach]],
          ...told,
          [
            'SNMP',
            <span key="s" title={SNMP[snmp.state].long}>
              {SNMP[snmp.state].label}
            </span>,
          ],
          ['Watched', device.watched ? 'closely' : 'as usual'],
          ['Added', <At key="c" at={device.createdAt} />],
        ]}
      />
    </Panel>
  );
}
