import { FileButton, Group, Select, Skeleton, Switch, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { importSheet, type SheetChoice, undoBulk } from '../../../../api/services';
import type { SheetResult, SheetRow } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Sheet } from '../../../../ui/Sheet';
import { Status, type Tone } from '../../../../ui/Status';
import { attempt, toast } from '../../../../ui/toast';
import { KIND } from '../../../../words/states';
import classes from './-ImportSheet.module.css';

const FATES: Record<SheetRow['action'], { tone: Tone; label: string }> = {
  create: { tone: 'good', label: 'New' },
  update: { tone: 'warn', label: 'Changes' },
  restore: { tone: 'warn', label: 'Comes back' },
  skip: { tone: 'idle', label: 'Left out' },
  refuse: { tone: 'bad', label: 'Fix this' },
};

const EXAMPLE = `kind,address,username,mac,interface,router,customer,plan
static,10.20.0.7,,AA:BB:CC:00:11:22,ether2,hill,Ana,Home 30
pppoe,,ben,,,hill,Ben,Home 30
dhcp,,,AA:BB:CC:00:11:33,,hill,Cleo,Home 30`;

const TYPING_MS = 400;
const MOST_BYTES = 1 << 20;

/** Services from a file or from pasted text: first what would happen, row by row; then, when asked, that. */
export default function ImportSheet({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [choice, setChoice] = useState<SheetChoice>({
    customers: true,
    existing: 'refuse',
    goodRows: false,
  });
  const [pasted] = useDebouncedValue(text, TYPING_MS);
  const isEmpty = !file && text.trim() === '';
  const tried = useQuery({
    queryKey: ['services', 'sheet', file ? [file.name, file.size, file.lastModified] : pasted, choice],
    queryFn: () => importSheet(file ?? pasted, choice, true),
    enabled: file !== null || pasted.trim() !== '',
    retry: false,
  });
  const run = useMutation({
    mutationFn: () => importSheet(file ?? text, choice, false),
    onSuccess: (result) => {
      const { id } = result;
      void toast(done(result), 'good', id ? { label: 'Undo', run: () => undo(id) } : undefined);
      onClose();
      void queries.invalidateQueries();
    },
    onError: (error) => void toast(error.message, 'bad'),
  });
  const undo = (act: string) =>
    void attempt(undoBulk(act)).then(({ changed, left }) => {
      const rest = left.length > 0 ? `; ${plural(left.length, 'service')} left, changed since` : '';
      void toast(`${plural(changed, 'service')} set back${rest}`);
      void queries.invalidateQueries();
    });
  const take = (chosen: File | null) => {
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) return void toast('The file is larger than 1 MiB: split it.', 'bad');
    setFile(chosen);
  };
  const waiting = !isEmpty && ((!file && pasted !== text) || tried.isFetching);
  return (
    <Sheet title="Import services" wide onClose={onClose}>
      <div className={classes.column}>
        <Group gap="sm">
          <FileButton accept=".csv,text/csv,text/plain" onChange={take}>
            {(props) => (
              <ActionButton variant="default" leftSection={<IconFileUpload size={16} />} {...props}>
                Choose a CSV file
              </ActionButton>
            )}
          </FileButton>
          {file ? (
            <>
              <Safe text={file.name} />
              <ActionButton variant="subtle" onClick={() => setFile(null)}>
                Remove
              </ActionButton>
            </>
          ) : (
            <span>or paste it below</span>
          )}
        </Group>
        {file ? null : (
          <Textarea
            label="Rows"
            description="The first row names the columns: kind (static, pppoe or dhcp), address, username or mac that identifies it on the router, interface, vrf, router, customer, plan. Routers, customers and plans are found by name. At most 5000 rows and 1 MiB."
            data-autofocus
            placeholder={EXAMPLE}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            classNames={{ input: classes.text ?? '' }}
            rows={5}
            spellCheck={false}
          />
        )}
        <Switch
          label="Create customers who are not here yet"
          checked={choice.customers}
          onChange={(event) => setChoice({ ...choice, customers: event.currentTarget.checked })}
        />
        <Select
          label="Rows whose service is here already"
          data={EXISTING}
          allowDeselect={false}
          value={choice.existing}
          onChange={(existing) => existing && setChoice({ ...choice, existing })}
        />
        <Switch
          label="Import the good rows and leave out those with problems"
          checked={choice.goodRows}
          onChange={(event) => setChoice({ ...choice, goodRows: event.currentTarget.checked })}
        />
        {isEmpty ? null : waiting ? (
          <Skeleton height={140} aria-label="Reading the rows" />
        ) : tried.error ? (
          <Failed error={tried.error} onRetry={() => void tried.refetch()} />
        ) : tried.data ? (
          <>
            <strong aria-live="polite">{sums(tried.data)}</strong>
            <ScrollTable
              label="Rows of the file"
              columns={COLUMNS}
              rows={ordered(tried.data.rows)}
              rowId={({ row }) => row}
              bad={({ action }) => action === 'refuse'}
            />
            {tried.data.ignoredColumns.length > 0 ? (
              <span>
                Columns that say nothing here: <Safe text={tried.data.ignoredColumns.join(', ')} />
              </span>
            ) : null}
          </>
        ) : null}
        <Group justify="flex-end">
          <ActionButton variant="default" onClick={onClose}>
            Cancel
          </ActionButton>
          <ActionButton
            loading={run.isPending}
            whyNot={waiting ? 'The rows are being read.' : whyNotYet(tried.data, choice)}
            onClick={() => run.mutate()}
          >
            {tried.data && !waiting ? `Import ${plural(written(tried.data), 'service')}` : 'Import'}
          </ActionButton>
        </Group>
      </div>
    </Sheet>
  );
}

const EXISTING: { value: SheetChoice['existing']; label: string }[] = [
  { value: 'refuse', label: 'are mistakes' },
  { value: 'skip', label: 'are left out' },
  { value: 'update', label: 'update the service, or restore it; empty cells change nothing' },
];

const written = ({ created, updated, restored }: SheetResult): number => created + updated + restored;

function done({ created, updated, restored }: SheetResult): string {
  const parts = [`${plural(created, 'service')} added`];
  if (updated > 0) parts.push(`${count(updated)} updated`);
  if (restored > 0) parts.push(`${count(restored)} restored`);
  return parts.join(', ');
}

function sums({ created, updated, restored, skipped, refused, customersCreated }: SheetResult): string {
  const parts = [`${count(created)} new`];
  if (customersCreated > 0) parts.push(`with ${plural(customersCreated, 'new customer')}`);
  if (updated > 0) parts.push(`${count(updated)} updated`);
  if (restored > 0) parts.push(`${count(restored)} restored`);
  if (skipped > 0) parts.push(`${count(skipped)} left out`);
  if (refused > 0) parts.push(`${count(refused)} to fix`);
  return parts.join(', ');
}

function whyNotYet(tried: SheetResult | undefined, { goodRows }: SheetChoice): string | null {
  if (!tried) return 'Choose a file or paste rows first.';
  if (tried.refused > 0 && !goodRows) {
    return `Fix ${plural(tried.refused, 'row')} first, or import the good rows alone.`;
  }
  return written(tried) === 0 ? 'There is nothing new in it.' : null;
}

const ORDER: Record<SheetRow['action'], number> = {
  refuse: 0,
  update: 1,
  restore: 2,
  create: 3,
  skip: 4,
};

/** The bad ones first: they are what is to be done. */
const ordered = (rows: SheetRow[]): SheetRow[] =>
  [...rows].sort((a, b) => ORDER[a.action] - ORDER[b.action] || a.row - b.row);

const COLUMNS: ComponentProps<typeof ScrollTable<SheetRow>>['columns'] = [
  { header: 'Row', cell: ({ row }) => row },
  {
    header: 'Service',
    cell: ({ address, username, mac, kind }) => (
      <span className={kind === 'pppoe' ? undefined : classes.service}>
        <Safe text={kind === 'dhcp' ? mac : (address ?? username ?? mac)} />
        {kind ? <span className={classes.kind}>{KIND[kind]}</span> : null}
      </span>
    ),
  },
  {
    header: 'Customer',
    wide: true,
    cell: ({ customer }) => <Safe text={customer} />,
  },
  {
    header: 'What happens',
    cell: ({ action, problem, changes }) => (
      <>
        <Status {...FATES[action]} />
        {changes.map(({ field, old, new: to }) => (
          <div key={field} className={classes.change}>
            {field}: <Safe text={old ?? 'none'} /> → <Safe text={to ?? 'none'} />
          </div>
        ))}
        {problem ? (
          <div className={classes.problem}>
            <Safe text={problem} />
          </div>
        ) : null}
      </>
    ),
  },
];
