import { FileButton, Group, Skeleton, Switch, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { importSheet, type SheetChoice } from '../../../../api/services';
import type { SheetResult, SheetRow } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Sheet } from '../../../../ui/Sheet';
import { Status, type Tone } from '../../../../ui/Status';
import { toast } from '../../../../ui/toast';
import { KIND } from '../../../../words/states';
import classes from './-ImportSheet.module.css';

const FATES: Record<SheetRow['action'], { tone: Tone; label: string }> = {
  create: { tone: 'good', label: 'New' },
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
  const [file, setFile] = useState<string | null>(null);
  const [choice, setChoice] = useState<SheetChoice>({ customers: true, skip: false });
  const [sheet] = useDebouncedValue(text, TYPING_MS);
  const tried = useQuery({
    queryKey: ['services', 'sheet', sheet, choice],
    queryFn: () => importSheet(sheet, choice, true),
    enabled: sheet.trim() !== '',
    retry: false,
  });
  const run = useMutation({
    mutationFn: () => importSheet(text, choice, false),
    onSuccess: ({ created }) => {
      void toast(`${plural(created, 'service')} added`);
      onClose();
      void queries.invalidateQueries();
    },
    onError: (error) => void toast(error.message, 'bad'),
  });
  const take = async (chosen: File | null) => {
    if (!chosen) return;
    if (chosen.size > MOST_BYTES) return void toast('The file is larger than 1 MiB: split it.', 'bad');
    setFile(chosen.name);
    setText(await chosen.text());
  };
  const waiting = text.trim() !== '' && (sheet !== text || tried.isFetching);
  return (
    <Sheet title="Import services" wide onClose={onClose}>
      <div className={classes.column}>
        <Group gap="sm">
          <FileButton accept=".csv,text/csv,text/plain" onChange={(chosen) => void take(chosen)}>
            {(props) => (
              <ActionButton variant="default" leftSection={<IconFileUpload size={16} />} {...props}>
                Choose a CSV file
              </ActionButton>
            )}
          </FileButton>
          {file ? <Safe text={file} /> : <span>or paste it below</span>}
        </Group>
        <Textarea
          label="Rows"
          description="The first row names the columns: kind (static, pppoe or dhcp), address, username or mac that identifies it on the router, interface, vrf, router, customer, plan. Routers, customers and plans are found by name. At most 5000 rows and 1 MiB; nothing is added unless all of it can be."
          data-autofocus
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: classes.text ?? '' }}
          rows={5}
          spellCheck={false}
        />
        <Switch
          label="Create customers who are not here yet"
          checked={choice.customers}
          onChange={(event) => setChoice({ ...choice, customers: event.currentTarget.checked })}
        />
        <Switch
          label="Leave out rows whose service is here already"
          checked={choice.skip}
          onChange={(event) => setChoice({ ...choice, skip: event.currentTarget.checked })}
        />
        {text.trim() === '' ? null : waiting ? (
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
            whyNot={waiting ? 'The rows are being read.' : whyNotYet(tried.data)}
            onClick={() => run.mutate()}
          >
            {tried.data && !waiting ? `Import ${plural(tried.data.created, 'service')}` : 'Import'}
          </ActionButton>
        </Group>
      </div>
    </Sheet>
  );
}

function sums({ created, skipped, refused, customersCreated }: SheetResult): string {
  const parts = [`${count(created)} new`];
  if (customersCreated > 0) parts.push(`with ${plural(customersCreated, 'new customer')}`);
  if (skipped > 0) parts.push(`${count(skipped)} left out`);
  if (refused > 0) parts.push(`${count(refused)} to fix`);
  return parts.join(', ');
}

function whyNotYet(tried: SheetResult | undefined): string | null {
  if (!tried) return 'Choose a file or paste rows first.';
  if (tried.refused > 0) return `Fix ${plural(tried.refused, 'row')} first: all rows are added, or none.`;
  return tried.created === 0 ? 'There is nothing new in it.' : null;
}

const ORDER: Record<SheetRow['action'], number> = { refuse: 0, create: 1, skip: 2 };

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
  { header: 'Customer', wide: true, cell: ({ customer }) => <Safe text={customer} /> },
  {
    header: 'What happens',
    cell: ({ action, problem }) => (
      <>
        <Status {...FATES[action]} />
        {problem ? (
          <div className={classes.problem}>
            <Safe text={problem} />
          </div>
        ) : null}
      </>
    ),
  },
];
