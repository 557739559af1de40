import { Group } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconRouter } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { checkRouter, pauseRouter, sweepRouter } from '../../../../api/routers';
import type { Run } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { took } from '../../../../format/time';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, Ahead } from '../../../../ui/Ago';
import { Confirm } from '../../../../ui/Confirm';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { Glyph } from '../../../../ui/Status';
import { columnsOf } from '../../../../ui/table';
import { attempt, toast } from '../../../../ui/toast';
import { routerColumns } from '../../../../words/routerColumns';
import classes from './-Jobs.module.css';
import type { Standing } from './-standings';

const column = columnsOf<Standing>();

const columns = column.columns([
  ...routerColumns<Standing>(),
  column.display({
    id: 'sweep',
    header: 'PPPoE sessions',
    meta: { card: 'line', wrap: true },
    cell: ({ row: { original } }) => (
      <Kind title="PPPoE sessions" line={original} run={original.sweep} ask={sweepRouter} />
    ),
  }),
  column.display({
    id: 'check',
    header: 'Static and DHCP customers',
    meta: { card: 'line', wrap: true },
    cell: ({ row: { original } }) => (
      <Kind title="Static and DHCP customers" line={original} run={original.check} ask={checkRouter} />
    ),
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '8rem', card: 'foot' },
    cell: ({ row: { original } }) => <Pause line={original} />,
  }),
]);

interface KindProps {
  title: string;
  line: Standing;
  run: Run | undefined;
  ask: (router: string) => Promise<unknown>;
}

/** How a kind of job went at a router, when it is due again, and the button that does it now. */
function Kind({ title, line, run, ask }: KindProps) {
  const whyNot = useWhyNot('routers.test');
  const queries = useQueryClient();
  const runNow = async () => {
    try {
      await ask(line.id);
      void toast(`${line.name} is being asked now`);
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <div className={classes.kind}>
      <div className={classes.words}>
        <span className={classes.title}>{title}</span>
        <Last run={run} />
        <span className={classes.next}>
          <Next line={line} run={run} />
        </span>
      </div>
      <ActionButton
        size="compact-xs"
        variant="default"
        leftSection={<IconRefresh size={13} />}
        whyNot={whyNot}
        aria-label={`Run now: ${title} of ${plain(line.name)}`}
        onClick={() => void runNow()}
      >
        Run now
      </ActionButton>
    </div>
  );
}

function Last({ run }: { run: Run | undefined }) {
  if (!run?.lastAt) return <span>Not yet</span>;
  if (run.outcome === 'failed') {
    return (
      <span className={classes.failed}>
        <span>
          <Glyph tone="bad" /> Failed <Ago at={run.lastAt} />
        </span>
        <span className={classes.why}>
          <Safe text={run.error} />
        </span>
      </span>
    );
  }
  return (
    <span>
      <Glyph tone="good" /> <Ago at={run.lastAt} />
      {run.tookMs === null || run.tookMs === undefined ? null : `, took ${took(run.tookMs)}`}
    </span>
  );
}

function Next({ line, run }: { line: Standing; run: Run | undefined }) {
  if (line.paused) return 'no next one while paused';
  if (line.state !== 'up') return 'next when the router answers';
  return (
    <>
      next <Ahead at={run?.nextAt} />
    </>
  );
}

function Pause({ line: { id, name, paused } }: { line: Standing }) {
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
        Its PPPoE sessions are no longer synced every few minutes, and its static and DHCP customers are no
        longer checked: they keep the status that they have now. Live events and <strong>Run now</strong> go
        on.
      </Confirm>
    </Group>
  );
}

interface Props {
  lines: Standing[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** Each router with its jobs. */
export function RouterTable({ lines, error, onRetry }: Props) {
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
