import { Group, Skeleton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useList } from '../../../../api/lists';
import { undoBulk } from '../../../../api/services';
import { bulkRowsQuery } from '../../../../api/settings';
import type { AuditEntry, BulkRow } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { At } from '../../../../ui/Ago';
import { Confirm } from '../../../../ui/Confirm';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Sheet } from '../../../../ui/Sheet';
import { attempt, toast } from '../../../../ui/toast';
import { actionInWords, bulkCount, bulkName, detailInWords } from '../../../../words/audit';
import { CustomerLink, ServiceLink } from '../../../../words/Links';

interface Props {
  act: string;
  /** Its line, while that is on the page. */
  entry: AuditEntry | undefined;
  onClose: () => void;
}

/** What one line of the log about many things did to each, with its undo. */
export function BulkSheet({ act, entry, onClose }: Props) {
  const { rows, total, onEnd, error, refetch } = useList(bulkRowsQuery(act));
  return (
    <Sheet
      title={
        entry
          ? `${actionInWords(entry.action)} ${plural(bulkCount(entry.detail), 'service')}`
          : 'What was done'
      }
      wide
      onClose={onClose}
    >
      {entry ? (
        <p>
          <At at={entry.at} /> · <Safe text={entry.actor} />
          {detailInWords(entry.detail) ? (
            <>
              {' · '}
              <Safe text={detailInWords(entry.detail)} />
            </>
          ) : null}
        </p>
      ) : null}
      {error && !rows ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : rows ? (
        <>
          <ScrollTable
            label="What was done to each"
            columns={columnsFor(rows)}
            rows={rows}
            rowId={rowId}
            most={rows.length}
          />
          <Group justify="space-between" mt="md">
            {total !== undefined && total > rows.length ? (
              <ActionButton variant="default" onClick={onEnd}>
                Show more of {count(total)}
              </ActionButton>
            ) : (
              <span />
            )}
            {entry ? <Undo act={act} onDone={onClose} /> : null}
          </Group>
        </>
      ) : (
        <Skeleton height={160} aria-label="Loading" />
      )}
    </Sheet>
  );
}

function Undo({ act, onDone }: { act: string; onDone: () => void }) {
  const whyNot = useWhyNot('services.write');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const undo = async () => {
    const { changed, left } = await attempt(undoBulk(act));
    const rest = left.length > 0 ? `; ${plural(left.length, 'service')} left, changed since` : '';
    void toast(`${plural(changed, 'service')} set back${rest}`, changed > 0 ? 'good' : 'bad');
    await queries.invalidateQueries();
    onDone();
  };
  return (
    <>
      <ActionButton variant="default" whyNot={whyNot} onClick={() => setAsking(true)}>
        Undo
      </ActionButton>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Undo this change?"
        confirm="Undo"
        onConfirm={undo}
      >
        Each service becomes what it was before, unless somebody changed it since; what an import added is
        archived. Nothing on a router changes.
      </Confirm>
    </>
  );
}

const rowId = ({ object, action }: BulkRow) => `${action} ${object}`;

const LINKS: Record<string, typeof ServiceLink> = { service: ServiceLink, customer: CustomerLink };

/** Where nothing more is known of any row, there is no column for it. */
const columnsFor = (rows: BulkRow[]) =>
  COLUMNS.filter(
    ({ header }) => header !== 'Detail' || rows.some(({ detail }) => detailInWords(detail) !== ''),
  );

const COLUMNS = [
  { header: 'What', cell: ({ action }: BulkRow) => actionInWords(action) },
  {
    header: 'On',
    cell: ({ action, object, detail }: BulkRow) => {
      const name = bulkName(detail) ?? `…${object.slice(-6)}`;
      const To = LINKS[action.split('.')[0] ?? ''];
      return To ? <To id={object} name={name} /> : <Safe text={name} />;
    },
  },
  { header: 'Detail', cell: ({ detail }: BulkRow) => <Safe text={detailInWords(detail)} none="" /> },
];
