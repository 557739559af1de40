import { Group, Skeleton, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { importPreviewQuery, runImport } from '../../../../api/routers';
import type { ImportResult, ImportRow } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Status, type Tone } from '../../../../ui/Status';
import { toast } from '../../../../ui/toast';
import { ServiceLink } from '../../../../words/Links';
import classes from './-Routers.module.css';

const ACTIONS: Record<ImportRow['action'], { tone: Tone; label: string }> = {
  create: { tone: 'good', label: 'New' },
  update: { tone: 'warn', label: 'Update' },
  skip: { tone: 'idle', label: 'Skip' },
};

/** The PPP secrets of a router as services: first what would happen, then, when asked, that. */
export function ImportPanel({ id }: { id: string }) {
  const whyNot = useWhyNot('routers.write');
  const queries = useQueryClient();
  const [customers, setCustomers] = useState(true);
  const preview = useQuery({ ...importPreviewQuery(id, customers), enabled: !whyNot });
  const run = useMutation({
    mutationFn: () => runImport(id, { dryRun: false, customers }),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => void toast(error.message, 'bad'),
  });
  const result = run.data ?? preview.data;
  if (whyNot) return <p>{whyNot}</p>;
  if (preview.error) return <Failed error={preview.error} onRetry={() => void preview.refetch()} />;
  if (!result) return <Skeleton height={160} aria-label="Reading the router" />;
  return (
    <div className={classes.column}>
      <div className={classes.row}>
        <strong>
          {run.data ? 'Imported' : 'This would happen'}: {sums(result)}
        </strong>
        <Switch
          label="Create customers from the comments of the secrets"
          checked={customers}
          onChange={(event) => setCustomers(event.currentTarget.checked)}
          disabled={run.isPending || Boolean(run.data)}
        />
      </div>
      <ScrollTable
        label="Secrets of the router"
        columns={COLUMNS}
        rows={result.rows}
        rowId={({ username }) => username}
      />
      <Group justify="space-between">
        <span>PPP passwords are not read. A disabled secret becomes a suspended service.</span>
        {run.data ? null : (
          <ActionButton loading={run.isPending} whyNot={nothingToDo(result)} onClick={() => run.mutate()}>
            Import {plural(result.created + result.updated, 'service')}
          </ActionButton>
        )}
      </Group>
    </div>
  );
}

const sums = ({ created, updated, skipped }: ImportResult): string =>
  `${count(created)} new, ${count(updated)} updated, ${count(skipped)} skipped`;

const nothingToDo = ({ created, updated }: ImportResult): string | null =>
  created + updated === 0 ? 'Everything on this router is here already.' : null;

const COLUMNS: ComponentProps<typeof ScrollTable<ImportRow>>['columns'] = [
  { header: 'User', cell: ({ serviceId, username }) => <ServiceLink id={serviceId} name={username} /> },
  { header: 'Customer', cell: ({ name }) => <Safe text={name} /> },
  { header: 'Profile', wide: true, cell: ({ profile }) => <Safe text={profile} /> },
  {
    header: 'What happens',
    cell: ({ action, disabled, reason }) => (
      <>
        <Status {...ACTIONS[action]} />
        {disabled ? ' · suspended' : ''}
        {action === 'create' ? null : (
          <>
            {' · '}
            <Safe text={reason} />
          </>
        )}
      </>
    ),
  },
];
