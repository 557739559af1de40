import { Group } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconRouter } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { runJob } from '../../../../api/jobs';
import { pauseRouter } from '../../../../api/routers';
import type { JobStanding } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Confirm } from '../../../../ui/Confirm';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { columnsOf } from '../../../../ui/table';
import { attempt, toast } from '../../../../ui/toast';
import { routerColumns } from '../../../../words/routerColumns';
import classes from './-Jobs.module.css';
import { LastRun, NextRun } from './-Runs';
import type { Kind, Standing } from './-standings';

const column = columnsOf<Standing>();

const columnOf = ({ kind, label }: Kind) =>
  column.display({
    id: kind,
    header: () => <span className={classes.head}>{label}</span>,
    meta: { card: 'line', wrap: true },
    cell: ({ row: { original } }) => {
      const job = original.jobs.find((job) => job.kind === kind);
      return job ? <JobCell line={original} job={job} /> : null;
    },
  });

const pause = column.display({
  id: 'actions',
  header: '',
  meta: { align: 'end', width: '8rem', card: 'foot' },
  cell: ({ row: { original } }) => <Pause line={original} />,
});

interface JobProps {
  line: Standing;
  job: JobStanding;
}

/** How a kind of job went at a router, when it is due again, and the button that does it now. */
function JobCell({ line, job }: JobProps) {
  const { kind, label } = job;
  const whyNot = useWhyNot('routers.test');
  const queries = useQueryClient();
  const runNow = async () => {
    try {
      await runJob(line.id, kind);
      void toast(`${line.name} is being asked now`);
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <div className={classes.kind}>
      <div className={classes.words}>
        <span className={classes.title}>{label}</span>
        <LastRun job={job} />
        <span className={classes.next}>
          <Next line={line} job={job} />
        </span>
      </div>
      <ActionButton
        size="compact-xs"
        variant="default"
        leftSection={<IconRefresh size={13} />}
        whyNot={whyNot}
        aria-label={`Run now: ${label} of ${plain(line.name)}`}
        onClick={() => void runNow()}
      >
        Run now
      </ActionButton>
    </div>
  );
}

function Next({ line, job }: JobProps) {
  if (line.paused) return 'no next one while paused';
  if (line.state !== 'up') return 'next when the router answers';
  return <NextRun job={job} />;
}

function Pause({ line: { id, name, paused, jobs } }: { line: Standing }) {
  const whyNot = useWhyNot('routers.write');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const set = async (next: boolean) => {
    await attempt(pauseRouter(id, next));
    void toast(next ? `Jobs of ${name} paused` : `Jobs of ${name} go on`);
    void queries.invalidateQueries({ queryKey: ['jobs', 'runs'] });
    void queries.invalidateQueries({ queryKey: ['routers'] });
  };
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <ActionButton
        size="compact-xs"
        variant="default"
        leftSection={paused ? <IconPlayerPlay size={13} /> : <IconPlayerPause size={13} />}
        whyNot={whyNot}
        aria-label={`${paused ? 'Resume' : 'Pause'} the jobs of ${plain(name)}`}
        onClick={() => (paused ? void set(false).catch(() => undefined) : setAsking(true))}
      >
        {paused ? 'Resume' : 'Pause'}
      </ActionButton>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Pause the jobs of ${plain(name)}?`}
        confirm="Pause"
        tone="brand"
        onConfirm={() => set(true)}
      >
        These jobs are no longer scheduled: {jobs.map(({ label }) => label).join(', ')}. Its static and DHCP
        customers keep the status that they have now. Live events and <strong>Run now</strong> go on.
      </Confirm>
    </Group>
  );
}

interface Props {
  kinds: Kind[];
  lines: Standing[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** Each router with its jobs, a column for each kind. */
export function RouterTable({ kinds, lines, error, onRetry }: Props) {
  const columns = useMemo(
    () => column.columns([...routerColumns<Standing>(), ...kinds.map(columnOf), pause]),
    [kinds],
  );
  if (error && !lines) return <Failed error={error} onRetry={onRetry} />;
  return (
    <DataTable
      label="Jobs of each router"
      columns={columns}
      rows={lines}
      rowId={(line) => line.id}
      empty={
        <Empty icon={<IconRouter size={30} stroke={1.5} />} title="No routers yet">
          Jobs ask routers who is online. Add the first router under Routers.
        </Empty>
      }
    />
  );
}
