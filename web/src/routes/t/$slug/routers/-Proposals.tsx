import { Checkbox, Group, Skeleton, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { proposalsQuery } from '../../../../api/routers';
import { importSheet } from '../../../../api/services';
import type { Proposal, Router } from '../../../../api/types';
import { csv } from '../../../../format/csv';
import { count, plural } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { toast } from '../../../../ui/toast';
import { ServiceLink } from '../../../../words/Links';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import classes from './-Proposals.module.css';

const TABLES: Record<Proposal['seenIn'][number], string> = {
  arp: 'ARP',
  lease: 'DHCP lease',
  queue: 'queue',
};

/** An address that another customer may get tomorrow identifies nobody; the device does. */
const kindOf = ({ dynamicLease, mac }: Proposal) => (dynamicLease && mac ? 'dhcp' : 'static');

const LEASED = {
  dhcp: 'the address may change: added as DHCP, by this MAC address',
  static: 'the lease is dynamic: the address may change',
};

/** Shown at once; those that are added make room for the next. */
const SHOWN = 200;

const keyOf = ({ vrf, address }: Proposal): string => `${vrf ?? ''} ${address}`;

/** What people made of the proposals: whom they want, and under which name. */
interface Choice {
  chosen: Set<string>;
  names: Map<string, string>;
}

const NOTHING: Choice = { chosen: new Set(), names: new Map() };

/** Addresses that the router's tables show and that no service has: tick, name, add. */
export function Proposals({ router }: { router: Router }) {
  const whyNot = useWhyNot('routers.test');
  const whyNotAdd = useWhyNot('services.write');
  const { slug } = useSession().tenant;
  const queries = useQueryClient();
  const { data, error, refetch, isFetching } = useQuery({
    ...proposalsQuery(router.id),
    enabled: !whyNot,
  });
  const [choice, setChoice] = useState(NOTHING);
  const shown = data?.items.slice(0, SHOWN) ?? [];
  const wanted = shown.filter((item) => choice.chosen.has(keyOf(item)));
  const add = useMutation({
    mutationFn: () =>
      importSheet(
        sheetOf(router, wanted, choice),
        { customers: true, existing: 'skip', goodRows: false },
        false,
      ),
    onSuccess: ({ created }) => {
      void toast(`${plural(created, 'service')} added`);
      setChoice(NOTHING);
      void queries.invalidateQueries();
    },
    onError: (failure) => void toast(failure.message, 'bad'),
  });
  if (whyNot) return <p>{whyNot}</p>;
  return (
    <Panel
      title="Unassigned addresses"
      aside={
        <ActionButton
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          Read again
        </ActionButton>
      }
    >
      {error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={160} aria-label="Reading the router" />
      ) : data.items.length === 0 ? (
        <Empty title="No unassigned addresses">
          Every address in the ARP table, the DHCP leases and the simple queues of this router has a{' '}
          <Link to="/t/$slug/services" params={{ slug }} search={{ router: router.id }}>
            service
          </Link>{' '}
          here.
        </Empty>
      ) : (
        <div className={classes.column}>
          <p className={classes.note}>
            Seen in the ARP table, the DHCP leases and the simple queues of this router. Tick those that
            belong to customers; a name finds the customer of that name, or creates one.
            {data.missing.length > 0
              ? ` The router would not show: ${data.missing.map((table) => TABLES[table]).join(', ')}.`
              : ''}
          </p>
          <div className={`${classes.row} ${classes.head}`}>
            <Checkbox
              className={classes.all}
              label={`All ${count(shown.length)}`}
              checked={wanted.length === shown.length}
              indeterminate={wanted.length > 0 && wanted.length < shown.length}
              onChange={({ currentTarget: { checked } }) =>
                setChoice({
                  ...choice,
                  chosen: new Set(checked ? shown.map(keyOf) : []),
                })
              }
            />
            <span className={classes.header}>Now, and where it was seen</span>
            <span className={classes.header}>Customer</span>
          </div>
          <ul className={classes.list} aria-label="Proposals">
            {shown.map((item) => (
              <Row key={keyOf(item)} item={item} choice={choice} onChange={setChoice} />
            ))}
          </ul>
          <Group justify="space-between">
            <span className={classes.note}>
              {data.items.length + data.more > SHOWN
                ? `${count(data.items.length + data.more - SHOWN)} more follow when these are added`
                : ''}
            </span>
            <ActionButton
              loading={add.isPending}
              whyNot={whyNotAdd ?? (wanted.length === 0 ? 'Tick the customers first.' : null)}
              onClick={() => add.mutate()}
            >
              {wanted.length === 0 ? 'Add' : `Add ${plural(wanted.length, 'service')}`}
            </ActionButton>
          </Group>
        </div>
      )}
    </Panel>
  );
}

interface RowProps {
  item: Proposal;
  choice: Choice;
  onChange: (choice: Choice) => void;
}

function Row({ item, choice, onChange }: RowProps) {
  const key = keyOf(item);
  const place = [item.interface, item.vrf].filter(Boolean).join(' · ');
  const tick = (checked: boolean) => {
    const chosen = new Set(choice.chosen);
    if (checked) chosen.add(key);
    else chosen.delete(key);
    onChange({ ...choice, chosen });
  };
  return (
    <li className={classes.row}>
      <Checkbox
        aria-label={`Add ${item.address}`}
        checked={choice.chosen.has(key)}
        onChange={(event) => tick(event.currentTarget.checked)}
      />
      <div className={classes.who}>
        <strong className="numbers">{item.address}</strong>
        <span className={classes.note}>
          {item.mac ?? 'no MAC'}
          {place ? (
            <>
              {' · '}
              <Safe text={place} />
            </>
          ) : null}
        </span>
      </div>
      <div className={classes.seen}>
        <ServiceStatus status={item.status} />
        <span className={classes.note}>
          {item.seenIn.map((table) => TABLES[table]).join(', ')}
          {item.dynamicLease ? ` · ${LEASED[kindOf(item)]}` : ''}
          {item.archivedServiceId ? (
            <>
              {' · '}
              <ServiceLink id={item.archivedServiceId} name="its service is archived: restore it" />
            </>
          ) : null}
        </span>
      </div>
      <TextInput
        className={classes.name}
        aria-label={`Customer at ${item.address}`}
        placeholder="No customer: type a name"
        value={choice.names.get(key) ?? item.name ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...choice, names: new Map(choice.names).set(key, value) })
        }
      />
    </li>
  );
}

function sheetOf(router: Router, wanted: Proposal[], { names }: Choice): string {
  // A device with several leases is one service.
  const devices = new Set<string>();
  const rows = wanted.flatMap((item) => {
    const { address, mac, interface: port, vrf, name } = item;
    const customer = names.get(keyOf(item)) ?? name;
    if (kindOf(item) === 'static' || !mac) return [['static', address, mac, port, vrf, router.id, customer]];
    if (devices.has(mac)) return [];
    devices.add(mac);
    return [['dhcp', null, mac, null, null, router.id, customer]];
  });
  return csv([['kind', 'address', 'mac', 'interface', 'vrf', 'router', 'customer'], ...rows]);
}
