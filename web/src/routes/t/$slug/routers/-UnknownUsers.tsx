import { Button, Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { forgetUnknownUser, unknownUsersQuery } from '../../../../api/routers';
import type { UnknownUser } from '../../../../api/types';
import { count } from '../../../../format/number';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago } from '../../../../ui/Ago';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { columnsOf } from '../../../../ui/table';
import { toast } from '../../../../ui/toast';
import { ServiceLink } from '../../../../words/Links';
import { SOURCE } from '../../../../words/states';

type Row = UnknownUser & { routerId: string };

const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: 'username',
    header: 'User',
    meta: { card: 'title' },
    cell: ({ row: { original } }) => (
      <>
        <Safe text={original.username} />
        {original.archivedServiceId ? (
          <>
            {' · '}
            <ServiceLink id={original.archivedServiceId} name="archived service" />
          </>
        ) : null}
      </>
    ),
  }),
  column.display({
    id: 'count',
    header: 'Reports',
    meta: { width: '6rem' },
    cell: ({ row: { original } }) => count(original.count),
  }),
  column.display({
    id: 'first',
    header: 'First seen',
    cell: ({ row: { original } }) => <Ago at={original.firstSeen} />,
  }),
  column.display({
    id: 'last',
    header: 'Last seen',
    cell: ({ row: { original } }) => <Ago at={original.lastSeen} />,
  }),
  column.display({
    id: 'source',
    header: 'Source',
    cell: ({ row: { original } }) => SOURCE[original.source].label,
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '8rem', card: 'corner' },
    cell: ({ row: { original } }) => <Forget row={original} />,
  }),
]);

function Forget({ row }: { row: Row }) {
  const whyNot = useWhyNot('routers.write');
  const queries = useQueryClient();
  const forget = async () => {
    try {
      await forgetUnknownUser(row.routerId, row.username);
      void queries.invalidateQueries({ queryKey: unknownUsersQuery(row.routerId).queryKey });
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
  };
  return (
    <ActionButton size="compact-sm" variant="default" whyNot={whyNot} onClick={() => void forget()}>
      Forget
    </ActionButton>
  );
}

/** PPPoE user names that the router reported and that no service has. Never guessed, never dropped. */
export function UnknownUsers({ id, onImport }: { id: string; onImport: () => void }) {
  const { data, error, refetch } = useQuery(unknownUsersQuery(id));
  return (
    <Panel
      title="Unknown PPPoE users"
      flush
      aside={
        <Group gap={8}>
          <Button size="compact-sm" variant="default" onClick={onImport}>
            Import from the router
          </Button>
        </Group>
      }
    >
      {error && !data ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Unknown PPPoE users"
          columns={columns}
          rows={data?.items.map((user) => ({ ...user, routerId: id }))}
          rowId={(user) => user.username}
          empty={
            <Empty title="No unknown PPPoE users">
              A PPPoE user that connects without having a service here appears in this list.
            </Empty>
          }
        />
      )}
    </Panel>
  );
}
