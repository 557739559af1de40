import { useQuery } from '@tanstack/react-query';
import { serviceSessionsQuery } from '../../../../api/services';
import type { ServiceSession } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { duration } from '../../../../format/time';
import { At, Lasting } from '../../../../ui/Ago';
import { CopyText } from '../../../../ui/CopyText';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { columnsOf } from '../../../../ui/table';
import { EndedAt } from '../../../../words/EndedAt';
import { EndedBy } from '../../../../words/EndedBy';
import { SOURCE } from '../../../../words/states';

const column = columnsOf<ServiceSession>();

const columns = column.columns([
  column.display({
    id: 'started',
    header: 'Started',
    meta: { card: 'title', width: '9.5rem' },
    cell: ({ row: { original } }) => <At at={original.startedAt} />,
  }),
  column.display({
    id: 'ended',
    header: 'Ended',
    meta: { width: '9.5rem' },
    cell: ({ row: { original } }) => <EndedAt session={original} />,
  }),
  column.display({
    id: 'lasted',
    header: 'Lasted',
    meta: { card: 'corner', width: '6.5rem' },
    cell: ({ row: { original } }) => lasted(original),
  }),
  column.display({
    id: 'cause',
    header: 'Ended by',
    cell: ({ row: { original } }) => <EndedBy cause={original.cause} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { width: '9rem' },
    cell: ({ row: { original } }) => <CopyText text={original.address} />,
  }),
  column.display({
    id: 'mac',
    header: 'MAC',
    meta: { from: 'xl', width: '11rem' },
    cell: ({ row: { original } }) => <CopyText text={original.mac} />,
  }),
  column.display({
    id: 'source',
    header: 'Source',
    meta: { from: 'xl', width: '7rem' },
    cell: ({ row: { original } }) => SOURCE[original.source].label,
  }),
]);

/** What is kept of each kind of service. A static one always has its address. */
const KEPT = {
  pppoe: {
    title: 'Sessions',
    one: 'session',
    many: 'sessions',
    none: 'No session recorded yet',
    hint: 'It appears here when the customer comes online.',
  },
  dhcp: {
    title: 'Addresses',
    one: 'address',
    many: 'addresses',
    none: 'No address recorded yet',
    hint: 'It appears here when the device holds a lease.',
  },
} as const;

/** When this customer was online, or held which address by DHCP; the latest first. */
export function Sessions({ id, kind }: { id: string; kind: keyof typeof KEPT }) {
  const { title, one, many, none, hint } = KEPT[kind];
  const { data, error, refetch } = useQuery(serviceSessionsQuery(id));
  const more = data && data.total > data.items.length ? `the latest ${count(data.items.length)} of ` : '';
  return (
    <Panel title={title} flush aside={data ? `${more}${plural(data.total, one, many)}` : null}>
      {error && !data ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={data?.items}
          rowId={(session) => session.id}
          empty={<Empty title={none}>{hint}</Empty>}
        />
      )}
    </Panel>
  );
}

function lasted({ startedAt, endedAt }: ServiceSession) {
  return endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : <Lasting at={startedAt} />;
}
