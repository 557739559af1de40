import { createFileRoute } from '@tanstack/react-router';
import { useList } from '../../../../api/lists';
import { auditQuery } from '../../../../api/settings';
import type { AuditEntry } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { useWhyNot } from '../../../../session/session';
import { At } from '../../../../ui/Ago';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { FilterBar } from '../../../../ui/FilterBar';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { Toolbar } from '../../../../ui/Toolbar';
import { columnsOf } from '../../../../ui/table';
import { CustomerLink, RouterLink, ServiceLink } from '../../../../words/Links';
import { texts } from '../../../-search';

export const Route = createFileRoute('/t/$slug/settings/audit')({
  validateSearch: (search): { q?: string } => texts(search, ['q']),
  component: AuditPage,
});

const column = columnsOf<AuditEntry>();

const columns = column.columns([
  column.display({
    id: 'at',
    header: 'When',
    meta: { width: '10rem', card: 'corner' },
    cell: ({ row: { original } }) => <At at={original.at} />,
  }),
  column.display({
    id: 'actor',
    header: 'Who',
    meta: { width: '20%' },
    cell: ({ row: { original } }) => <Safe text={original.actor} />,
  }),
  column.display({
    id: 'action',
    header: 'What',
    meta: { width: '20%', card: 'title' },
    cell: ({ row: { original } }) => <Safe text={original.action} />,
  }),
  column.display({
    id: 'object',
    header: 'On',
    cell: ({ row: { original } }) => <ObjectLink entry={original} />,
  }),
  column.display({
    id: 'detail',
    header: 'Detail',
    cell: ({ row: { original } }) => <Safe text={inWords(original.detail)} none="" />,
  }),
]);

type LinkTo = (props: { id: string; name: string }) => React.ReactNode;

/** Where the thing of an action is, by the first word of the action. */
const LINKS: Record<string, LinkTo> = { service: ServiceLink, customer: CustomerLink, router: RouterLink };

/** The end of an id tells things apart; its beginning is the time. */
const ID_END = 6;

function ObjectLink({ entry: { action, object } }: { entry: AuditEntry }) {
  const kind = action.split('.')[0] ?? '';
  const To = LINKS[kind];
  return (
    <span title={plain(object)}>
      {To ? <To id={object} name={`${kind} …${object.slice(-ID_END)}`} /> : <Safe text={object} />}
    </span>
  );
}

/** `{"name":"Office","role":"admin"}` as `name: Office, role: admin`. */
function inWords(detail: string): string {
  try {
    const words = Object.entries(JSON.parse(detail) as Record<string, unknown>).map(
      ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    return words.join(', ');
  } catch {
    return detail;
  }
}

function AuditPage() {
  const whyNot = useWhyNot('audit.read');
  if (whyNot) {
    return (
      <Panel>
        <Empty title="Not for your role">{whyNot}</Empty>
      </Panel>
    );
  }
  return <Audit />;
}

function Audit() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  const { rows, total, onEnd, error, refetch } = useList(auditQuery(filters));
  return (
    <Panel title="Audit" flush aside="What people and keys changed; nothing here can be changed">
      <Toolbar>
        <FilterBar
          fields={[]}
          q={filters.q ?? ''}
          filters={{}}
          placeholder="Search person, action, object…"
          onChange={(q) => void navigate({ search: q ? { q } : {}, replace: true })}
        />
      </Toolbar>
      {error && !rows ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable
          label="Audit"
          columns={columns}
          rows={rows}
          rowId={(entry) => String(entry.seq)}
          total={total}
          onEnd={onEnd}
          empty={<Empty title="Nothing recorded">Every change by a person or a key is written here.</Empty>}
        />
      )}
    </Panel>
  );
}
