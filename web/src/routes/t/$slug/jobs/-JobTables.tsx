import { IconChecks, IconHourglass, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { retryJob } from '../../../../api/jobs';
import type { Job } from '../../../../api/types';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, Ahead, Lasting } from '../../../../ui/Ago';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { type Columns, columnsOf } from '../../../../ui/table';
import { toast } from '../../../../ui/toast';
import { RouterLink } from '../../../../words/Links';
import classes from './-Jobs.module.css';

const column = columnsOf<Job>();

const job = column.display({
  id: 'job',
  header: 'Job',
  meta: { card: 'title', width: '21%', wrap: true },
  cell: ({ row: { original } }) => <Safe text={original.label} />,
});

const router = column.display({
  id: 'router',
  header: 'Router',
  meta: { width: '15%' },
  cell: ({ row: { original } }) => <RouterLink id={original.routerId} name={original.routerName} />,
});

const WAITS: Record<NonNullable<Job['priority']> | 'unreadable', string> = {
  person: 'a person',
  clock: 'schedule',
  unreadable: 'unreadable',
};

const wish = column.display({
  id: 'priority',
  header: 'Started by',
  meta: { width: '9rem' },
  cell: ({ row: { original } }) => WAITS[original.priority ?? 'unreadable'],
});

const attempts = column.display({
  id: 'attempts',
  header: 'Attempts',
  meta: { width: '6rem', from: 'md' },
  cell: ({ row: { original } }) => original.attempts,
});

const why = column.display({
  id: 'why',
  header: 'Why',
  meta: { wrap: true, card: 'line' },
  cell: ({ row: { original } }) => <Why error={original.error} />,
});

const activeColumns = column.columns([
  job,
  router,
  wish,
  column.display({
    id: 'running',
    header: 'Running for',
    cell: ({ row: { original } }) => <Lasting at={original.startedAt} />,
  }),
]);

const waitingColumns = column.columns([
  job,
  router,
  wish,
  column.display({
    id: 'due',
    header: 'Begins',
    meta: { width: '10rem' },
    cell: ({ row: { original } }) => (original.dueAt ? <Ahead at={original.dueAt} /> : 'as soon as it can'),
  }),
  column.display({
    id: 'added',
    header: 'Added',
    meta: { width: '8rem', from: 'md' },
    cell: ({ row: { original } }) => <Ago at={original.addedAt} />,
  }),
  why,
]);

const failedColumns = column.columns([
  job,
  router,
  column.display({
    id: 'failed',
    header: 'Given up',
    meta: { width: '8rem' },
    cell: ({ row: { original } }) => <Ago at={original.endedAt} />,
  }),
  attempts,
  why,
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '7.5rem', card: 'corner' },
    cell: ({ row: { original } }) => <Retry job={original} />,
  }),
]);

/** What went wrong, and what caused that. */
function Why({ error: [first, ...causes] }: { error: string[] }) {
  if (first === undefined) return null;
  return (
    <span className={classes.failed}>
      <Safe text={first} />
      {causes.map((cause, index) => (
        <span key={index} className={classes.why}>
          because: <Safe text={cause} />
        </span>
      ))}
    </span>
  );
}

function Retry({ job: { id } }: { job: Job }) {
  const whyNot = useWhyNot('routers.test');
  const queries = useQueryClient();
  const retry = async () => {
    try {
      await retryJob(id);
      void toast('The job runs again');
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <ActionButton
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      whyNot={whyNot}
      onClick={() => void retry()}
    >
      Retry
    </ActionButton>
  );
}

interface Props {
  jobs: Job[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

function Jobs({
  jobs,
  error,
  onRetry,
  ...table
}: Props & { label: string; columns: Columns<Job>; empty: ReactNode }) {
  if (error && !jobs) return <Failed error={error} onRetry={onRetry} />;
  return <DataTable rows={jobs} rowId={({ id }) => id} {...table} />;
}

export function ActiveJobs(props: Props) {
  return (
    <Jobs
      {...props}
      label="Running jobs"
      columns={activeColumns}
      empty={
        <Empty icon={<IconPlayerPlay size={30} stroke={1.5} />} title="Nothing runs just now">
          Most jobs take a second or two. Routers shows when each ran last.
        </Empty>
      }
    />
  );
}

export function WaitingJobs(props: Props) {
  return (
    <Jobs
      {...props}
      label="Waiting jobs"
      columns={waitingColumns}
      empty={
        <Empty icon={<IconHourglass size={30} stroke={1.5} />} title="Nothing waits">
          A job waits only while others run, or before its next attempt. Routers shows when each router is
          next.
        </Empty>
      }
    />
  );
}

export function FailedJobs(props: Props) {
  return (
    <Jobs
      {...props}
      label="Failed jobs"
      columns={failedColumns}
      empty={
        <Empty icon={<IconChecks size={30} stroke={1.5} />} title="No job has been given up">
          A job that goes wrong three times stays here with its reason. A router that could not be asked says
          why under Routers.
        </Empty>
      }
    />
  );
}
