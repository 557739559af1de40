import { Group, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ComponentProps, useMemo, useState } from 'react';
import { createDevice } from '../../../../api/devices';
import type { Device, Reach } from '../../../../api/types';
import { count, plural } from '../../../../format/number';
import { placed } from '../../../../forms/serverErrors';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { Sheet } from '../../../../ui/Sheet';
import { Status } from '../../../../ui/Status';
import { DeviceLink } from '../../../../words/Links';
import classes from './-AddSheet.module.css';
import { ENTRIES_MOST, type Entry, entries } from './-lines';
import { Way } from './-Way';

const EXAMPLE = `192.168.1.20 Roof north
192.168.1.21, 192.168.1.22`;

/** Sent at a time; the next when all of them are answered. */
const AT_ONCE = 4;

interface Props {
  /** The router that is chosen at first. */
  router?: string | undefined;
  onClose: () => void;
}

/** Devices from pasted addresses: each is looked at before it is sent, and what the server refuses stays for mending. */
export default function AddSheet({ router, onClose }: Props) {
  const queries = useQueryClient();
  const whyNot = useWhyNot('routers.write');
  const [text, setText] = useState('');
  const [way, setWay] = useState<{ routerId: string | null; reach: Reach }>({
    routerId: router ?? null,
    reach: router ? 'router' : 'direct',
  });
  const [created, setCreated] = useState<Device[]>([]);
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const [sending, setSending] = useState<{ sent: number; of: number } | null>(null);
  const read = useMemo(() => entries(text), [text]);
  const good = read.filter(({ problem }) => !problem);
  const isTooMany = read.length > ENTRIES_MOST;

  const send = async () => {
    const left = read.filter(({ problem }) => problem);
    const reasons = new Map<string, string>();
    setSending({ sent: 0, of: good.length });
    for (let first = 0; first < good.length; first += AT_ONCE) {
      const answers = await Promise.all(
        good.slice(first, first + AT_ONCE).map(async (entry) => ({ entry, answer: await sent(entry, way) })),
      );
      for (const { entry, answer } of answers) {
        if ('device' in answer) setCreated((before) => [...before, answer.device]);
        else {
          left.push(entry);
          reasons.set(entry.key ?? '', answer.reason);
        }
      }
      setSending({ sent: Math.min(good.length, first + AT_ONCE), of: good.length });
    }
    setRefused(reasons);
    setText(
      left
        .toSorted((a, b) => a.line - b.line)
        .map((entry) => entry.text)
        .join('\n'),
    );
    setSending(null);
    void queries.invalidateQueries({ queryKey: ['devices'] });
  };

  // What was refused at one router may be welcome at another.
  const choose = (next: typeof way) => {
    setWay(next);
    setRefused(new Map());
  };

  const rows: Row[] = [
    ...read.map((entry, index) => ({
      id: index,
      entry,
      reason: entry.problem ?? refused.get(entry.key ?? ''),
    })),
    ...created.toReversed().map((device) => ({ id: device.id, device })),
  ];
  const isDone = created.length > 0 && text.trim() === '';
  return (
    <Sheet title="Add devices" wide onClose={onClose}>
      <div className={classes.column}>
        <Textarea
          label="IP addresses"
          description={`One or more; a name may follow an address on its line. A CSV with the columns address and name works too. At most ${count(ENTRIES_MOST)} at once.`}
          data-autofocus
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: classes.text ?? '' }}
          rows={6}
          spellCheck={false}
          disabled={sending !== null}
        />
        <Way {...way} disabled={sending !== null} onChange={choose} />
        {rows.length > 0 ? (
          <>
            <strong aria-live="polite">{sums(read, refused, created, sending)}</strong>
            <ScrollTable
              label="Addresses"
              columns={COLUMNS}
              rows={worstFirst(rows)}
              rowId={({ id }) => id}
              bad={({ reason }) => reason !== undefined}
            />
          </>
        ) : null}
        <Group justify="flex-end">
          <ActionButton variant={isDone ? 'filled' : 'default'} onClick={onClose}>
            {created.length > 0 ? 'Done' : 'Cancel'}
          </ActionButton>
          {isDone ? null : (
            <ActionButton
              loading={sending !== null}
              whyNot={whyNot ?? whyNotYet(good, isTooMany, read.length)}
              onClick={() => void send()}
            >
              {good.length > 0 ? `Add ${plural(good.length, 'device')}` : 'Add'}
            </ActionButton>
          )}
        </Group>
      </div>
    </Sheet>
  );
}

async function sent(
  { address, name }: Entry,
  { routerId, reach }: { routerId: string | null; reach: Reach },
): Promise<{ device: Device } | { reason: string }> {
  const input = { address, ...(name ? { name } : {}), ...(routerId ? { routerId, reach } : {}) };
  try {
    return { device: await createDevice({ watched: false, ...input }) };
  } catch (error) {
    return { reason: placed(error as Error, []).rest ?? (error as Error).message };
  }
}

function whyNotYet(good: Entry[], isTooMany: boolean, many: number): string | null {
  if (isTooMany) return `${count(many)} are more than ${count(ENTRIES_MOST)}: add them in parts.`;
  return good.length === 0 ? 'Paste an address first.' : null;
}

function sums(
  read: Entry[],
  refused: ReadonlyMap<string, string>,
  created: Device[],
  sending: { sent: number; of: number } | null,
): string {
  if (sending) return `${count(sending.sent)} of ${count(sending.of)} sent`;
  const isWrong = ({ problem, key }: Entry) => problem !== undefined || refused.has(key ?? '');
  const wrong = read.filter(isWrong).length;
  const parts: string[] = [];
  if (created.length > 0) parts.push(`${plural(created.length, 'device')} added`);
  if (read.length > wrong) parts.push(`${count(read.length - wrong)} to add`);
  if (wrong > 0) parts.push(`${count(wrong)} to fix`);
  return parts.join(', ');
}

interface Row {
  id: string | number;
  entry?: Entry;
  reason?: string | undefined;
  device?: Device;
}

/** What is wrong comes first: it is what is to be done. */
const worstFirst = (rows: Row[]): Row[] =>
  rows.toSorted((a, b) => Number(b.reason !== undefined) - Number(a.reason !== undefined));

const COLUMNS: ComponentProps<typeof ScrollTable<Row>>['columns'] = [
  { header: 'Line', cell: ({ entry }) => entry?.line ?? '' },
  {
    header: 'Address',
    cell: ({ entry, device }) => <Safe text={entry?.address ?? device?.address} />,
  },
  {
    header: 'Name',
    cell: ({ entry, device }) =>
      device ? <DeviceLink id={device.id} name={device.name} /> : <Safe text={entry?.name} />,
  },
  {
    header: 'What happens',
    cell: ({ device, reason }) => (
      <>
        <Status {...(device ? ADDED : reason === undefined ? NEW : WRONG)} />
        {reason === undefined ? null : (
          <div>
            <Safe text={reason} />
          </div>
        )}
      </>
    ),
  },
];

const ADDED = { tone: 'good', label: 'Added' } as const;
const NEW = { tone: 'idle', label: 'New' } as const;
const WRONG = { tone: 'bad', label: 'Fix this' } as const;
