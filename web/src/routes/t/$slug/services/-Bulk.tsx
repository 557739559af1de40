import { Modal, Select, Stack } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconRouter, IconTag } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { plansQuery } from '../../../../api/plans';
import { routersQuery } from '../../../../api/routers';
import { type BulkAct, bulkServices, undoBulk } from '../../../../api/services';
import type { BulkDone } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { plural } from '../../../../format/number';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Confirm } from '../../../../ui/Confirm';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { SelectionBar } from '../../../../ui/SelectionBar';
import { attempt, toast } from '../../../../ui/toast';
import { ServiceLink } from '../../../../words/Links';
import classes from './-Bulk.module.css';

export interface BulkProps {
  chosen: ReadonlySet<string>;
  /** They are archived, so that restoring is all that can be done with them. */
  archived: boolean;
  onClear: () => void;
  /** Chooses every service that matches the filters, where they fit into one act. */
  onAll?: (() => void) | undefined;
  total?: number | undefined;
}

/** What can be done with the services that are ticked: all of them at once, and back. */
export default function BulkBar({ chosen, archived, onClear, onAll, total }: BulkProps) {
  const whyNot = useWhyNot('services.write');
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'plan' | 'move' | 'archive' | 'restore' | null>(null);
  const [left, setLeft] = useState<BulkDone | null>(null);
  const many = plural(chosen.size, 'service');

  const tell = (done: BulkDone, words: string, back: boolean) => {
    void queries.invalidateQueries();
    if (done.left.length > 0) setLeft(done);
    const { id } = done;
    if (done.changed === 0) return;
    const undo = () => void attempt(undoBulk(id ?? '')).then((undone) => tell(undone, 'set back', false));
    void toast(
      `${plural(done.changed, 'service')} ${words}`,
      'good',
      back && id ? { label: 'Undo', run: undo } : undefined,
    );
  };
  const run = async (act: BulkAct, words: string) => {
    tell(await attempt(bulkServices([...chosen], act)), words, true);
    setAsking(null);
    onClear();
  };

  if (chosen.size === 0 && !left) return null;
  return (
    <>
      {chosen.size === 0 ? null : (
        <SelectionBar
          label="Selected services"
          many={many}
          onClear={onClear}
          more={
            onAll && total !== undefined && total > chosen.size ? (
              <ActionButton size="compact-sm" variant="subtle" onClick={onAll}>
                Select all {total}
              </ActionButton>
            ) : null
          }
        >
          {archived ? (
            <ActionButton
              size="compact-md"
              leftSection={<IconArchiveOff size={15} />}
              whyNot={whyNot}
              onClick={() => setAsking('restore')}
            >
              Restore
            </ActionButton>
          ) : (
            <>
              <ActionButton
                size="compact-md"
                leftSection={<IconTag size={15} />}
                whyNot={whyNot}
                onClick={() => setAsking('plan')}
              >
                Set plan
              </ActionButton>
              <ActionButton
                size="compact-md"
                variant="default"
                leftSection={<IconRouter size={15} />}
                whyNot={whyNot}
                onClick={() => setAsking('move')}
              >
                Move
              </ActionButton>
              <ActionButton
                size="compact-md"
                variant="default"
                leftSection={<IconArchive size={15} />}
                whyNot={whyNot}
                onClick={() => setAsking('archive')}
              >
                Archive
              </ActionButton>
            </>
          )}
        </SelectionBar>
      )}
      {asking === 'plan' ? <PlanDialog many={many} onClose={() => setAsking(null)} onRun={run} /> : null}
      {asking === 'move' ? <MoveDialog many={many} onClose={() => setAsking(null)} onRun={run} /> : null}
      <Confirm
        opened={asking === 'archive'}
        onClose={() => setAsking(null)}
        title={`Archive ${many}?`}
        confirm={`Archive ${many}`}
        onConfirm={() => run({ action: 'archive' }, 'archived')}
      >
        They leave the lists and are not watched any more. Their sessions are kept, nothing on a router
        changes, and it can be undone.
      </Confirm>
      <Confirm
        opened={asking === 'restore'}
        onClose={() => setAsking(null)}
        title={`Restore ${many}?`}
        confirm={`Restore ${many}`}
        tone="brand"
        onConfirm={() => run({ action: 'restore' }, 'restored')}
      >
        Each comes back while its place on its router is free; customers and plans that are archived come back
        with them.
      </Confirm>
      {left ? <Left done={left} onClose={() => setLeft(null)} /> : null}
    </>
  );
}

interface DialogProps {
  many: string;
  onClose: () => void;
  onRun: (act: BulkAct, words: string) => Promise<void>;
}

const NO_PLAN = 'none';

function PlanDialog({ many, onClose, onRun }: DialogProps) {
  const plans = useQuery(plansQuery).data?.items ?? [];
  const [plan, setPlan] = useState<string | null>(null);
  const options = [
    ...plans.map(({ id, name }) => ({ value: id, label: plain(name) })),
    { value: NO_PLAN, label: 'No plan' },
  ];
  const planId = plan === NO_PLAN ? null : plan;
  return (
    <Dialog
      title={`Set the plan of ${many}`}
      verb={`Set for ${many}`}
      whyNot={plan === null ? 'Choose a plan first.' : null}
      onClose={onClose}
      onRun={() =>
        onRun({ action: 'plan', planId }, planId === null ? 'without a plan now' : 'on another plan')
      }
    >
      <Select
        label="Plan"
        placeholder="Choose a plan"
        data={options}
        value={plan}
        onChange={setPlan}
        searchable
        data-autofocus
      />
    </Dialog>
  );
}

function MoveDialog({ many, onClose, onRun }: DialogProps) {
  const routers = useQuery(routersQuery).data?.items ?? [];
  const [router, setRouter] = useState<string | null>(null);
  return (
    <Dialog
      title={`Move ${many} to another router`}
      verb={`Move ${many}`}
      whyNot={router === null ? 'Choose a router first.' : null}
      onClose={onClose}
      onRun={() => onRun({ action: 'move', routerId: router ?? '' }, 'moved')}
    >
      <Select
        label="Router"
        placeholder="Choose a router"
        data={routers.map(({ id, name }) => ({ value: id, label: plain(name) }))}
        value={router}
        onChange={setRouter}
        searchable
        data-autofocus
      />
      <span>
        Their status is unknown until that router was asked. Nothing on the routers changes: the accounts or
        addresses must be there already.
      </span>
    </Dialog>
  );
}

interface FrameProps {
  title: string;
  verb: string;
  whyNot: string | null;
  onClose: () => void;
  onRun: () => Promise<void>;
  children: React.ReactNode;
}

function Dialog({ title, verb, whyNot, onClose, onRun, children }: FrameProps) {
  const [busy, setBusy] = useState(false);
  const run = () => {
    setBusy(true);
    void onRun().catch(() => setBusy(false));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        {children}
        <span className={classes.foot}>
          <ActionButton variant="default" onClick={onClose}>
            Cancel
          </ActionButton>
          <ActionButton loading={busy} whyNot={whyNot} onClick={run}>
            {verb}
          </ActionButton>
        </span>
      </Stack>
    </Modal>
  );
}

/** Those that were left as they were, and why. */
function Left({ done, onClose }: { done: BulkDone; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={
        <strong>
          {plural(done.changed, 'service')} changed, {plural(done.left.length, 'service')} left as they were
        </strong>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ScrollTable
        label="Services that were left"
        columns={[
          {
            header: 'Service',
            cell: ({ id, name }) => <ServiceLink id={id} name={name ?? 'no such service'} />,
          },
          { header: 'Why', cell: ({ reason }) => <Safe text={reason} /> },
        ]}
        rows={done.left.map((row, index) => ({ ...row, index }))}
        rowId={({ index }) => index}
      />
    </Modal>
  );
}
