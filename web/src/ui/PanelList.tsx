import { IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { ActionButton } from './ActionButton';
import { DataTable } from './DataTable';
import { Empty } from './Empty';
import { Failed } from './Failed';
import { Panel } from './Panel';
import { Sheet } from './Sheet';
import { type SortFields, sorted } from './sorted';

interface Props<T extends { id: string }> {
  title: string;
  columns: ComponentProps<typeof DataTable<T>>['columns'];
  query: Pick<UseQueryResult<{ items: T[] }>, 'data' | 'error' | 'refetch'>;
  /** The order that was asked for, the one to tell while none was, what rows sort by, and how another is asked for. */
  order: {
    sort: string | undefined;
    standard: string;
    fields: SortFields<T>;
    onSort: (sort: string) => void;
  };
  empty: ReactNode;
  /** The verb of the button that adds one. */
  add: string;
  whyNot: string | null;
  /** Whether the list itself is kept from who may not add to it. */
  closed?: boolean;
  onAdd: () => void;
  /** The open form's title and content; nothing while it is closed. */
  form: { title: string; content: ReactNode; onClose: () => void } | null;
}

/** A short list in a panel, read whole, with a button that adds to it by a form at the side. */
export function PanelList<T extends { id: string }>({
  title,
  columns,
  query: { data, error, refetch },
  order: { sort, standard, fields, onSort },
  empty,
  add,
  whyNot,
  closed = false,
  onAdd,
  form,
}: Props<T>) {
  const table = (
    <DataTable
      label={title}
      columns={columns}
      rows={sorted(data?.items, sort ?? standard, fields)}
      rowId={({ id }) => id}
      sort={sort ?? standard}
      onSort={onSort}
      empty={empty}
    />
  );
  return (
    <Panel
      title={title}
      flush
      aside={
        <ActionButton size="compact-sm" leftSection={<IconPlus size={14} />} whyNot={whyNot} onClick={onAdd}>
          {add}
        </ActionButton>
      }
    >
      {closed && whyNot ? (
        <Empty title="Not for your role">{whyNot}</Empty>
      ) : error && !data ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        table
      )}
      {form ? (
        <Sheet title={form.title} onClose={form.onClose}>
          {form.content}
        </Sheet>
      ) : null}
    </Panel>
  );
}
