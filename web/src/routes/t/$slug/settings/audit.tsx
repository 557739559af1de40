import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { customerQuery } from '../../../../api/customers';
import { useList } from '../../../../api/lists';
import { plansQuery } from '../../../../api/plans';
import { routerQuery } from '../../../../api/routers';
import { serviceQuery } from '../../../../api/services';
import { auditQuery, membersQuery } from '../../../../api/settings';
import type { AuditEntry } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { plural } from '../../../../format/number';
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
import { ACTION, actionInWords, bulkCount, detailInWords, isBulk } from '../../../../words/audit';
import { CustomerLink, RouterLink, ServiceLink } from '../../../../words/Links';
import { serviceName } from '../../../../words/serviceName';
import { texts } from '../../../-search';
import { BulkSheet } from './-BulkSheet';

interface Search {
  /** The line about many things that is open. */
  open?: string;
  q?: string;
  action?: string;
  person?: string;
}

export const Route = createFileRoute('/t/$slug/settings/audit')({
  validateSearch: (search): Search => texts(search, ['q', 'action', 'person', 'open']),
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
    cell: ({ row: { original } }) => <Safe text={actionInWords(original.action)} />,
  }),
  column.display({
    id: 'object',
    header: 'On',
    cell: ({ row: { original } }) => <ObjectLink entry={original} />,
  }),
  column.display({
    id: 'detail',
    header: 'Detail',
    cell: ({ row: { original } }) => <Safe text={detailInWords(original.detail)} none="" />,
  }),
]);

/** The end of an id tells things apart; its beginning is the time. */
const ID_END = 6;

const short = (id: string) => `…${id.slice(-ID_END)}`;

/** The name that the thing has now; the end of its id where it is gone or without a name. */
function ObjectLink({ entry: { action, object, detail } }: { entry: AuditEntry }) {
  if (isBulk(action)) return <OpenBulk act={object} detail={detail} />;
  const To = OBJECTS[action.split('.')[0] ?? ''];
  return <span title={plain(object)}>{To ? <To id={object} /> : <Safe text={short(object)} />}</span>;
}

/** How many services a line is about; opens what was done to each. */
function OpenBulk({ act, detail }: { act: string; detail: string }) {
  const navigate = Route.useNavigate();
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void navigate({ search: (before) => ({ ...before, open: act }), replace: true })}
    >
      {plural(bulkCount(detail), 'service')}
    </Button>
  );
}

function ServiceNamed({ id }: { id: string }) {
  const service = useQuery(serviceQuery(id)).data;
  return <ServiceLink id={id} name={service ? serviceName(service) : short(id)} />;
}

function CustomerNamed({ id }: { id: string }) {
  return <CustomerLink id={id} name={useQuery(customerQuery(id)).data?.name ?? short(id)} />;
}

function RouterNamed({ id }: { id: string }) {
  return <RouterLink id={id} name={useQuery(routerQuery(id)).data?.name ?? short(id)} />;
}

function PlanNamed({ id }: { id: string }) {
  const plan = useQuery(plansQuery).data?.items.find((each) => each.id === id);
  return <Safe text={plan?.name ?? short(id)} />;
}

function MemberNamed({ id }: { id: string }) {
  const member = useQuery(membersQuery).data?.items.find((each) => each.id === id);
  return <Safe text={member?.name || member?.email || short(id)} />;
}

/** By the first word of the action. */
const OBJECTS: Record<string, (props: { id: string }) => React.ReactNode> = {
  service: ServiceNamed,
  customer: CustomerNamed,
  router: RouterNamed,
  plan: PlanNamed,
  member: MemberNamed,
  services: () => null,
  tenant: () => null,
};

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
  const { q = '', action, person, open } = Route.useSearch();
  const members = useQuery(membersQuery).data?.items ?? [];
  const navigate = Route.useNavigate();
  const { rows, total, onEnd, error, refetch } = useList(auditQuery(asked({ q, action, person })));
  return (
    <Panel title="Audit" flush aside="What people and keys changed; nothing here can be changed">
      <Toolbar>
        <FilterBar
          fields={[
            {
              key: 'action',
              hint: 'what was done',
              options: Object.entries(ACTION).map(([value, label]) => ({ value, label })),
            },
            {
              key: 'person',
              hint: 'who did it',
              options: members.map(({ email, name }) => ({ value: email, label: name || email })),
            },
          ]}
          q={q}
          filters={{ ...(action ? { action } : {}), ...(person ? { person } : {}) }}
          placeholder="Search person, action, id, detail…"
          onChange={(next, filters) =>
            void navigate({
              search: texts({ ...filters, q: next }, ['q', 'action', 'person']),
              replace: true,
            })
          }
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
      {open ? (
        <BulkSheet
          act={open}
          entry={rows?.find((entry) => entry.object === open)}
          onClose={() => void navigate({ search: ({ open: _, ...search }) => search, replace: true })}
        />
      ) : null}
    </Panel>
  );
}

/** Person and action are words of an entry like any other. */
function asked({ q, action, person }: Search): { q?: string } {
  const words = [q, action, person].filter(Boolean).join(' ');
  return words ? { q: words } : {};
}
