import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import {
  IconAccessPoint,
  IconPackage,
  IconPlugConnected,
  IconRouter,
  IconSearch,
  IconUser,
} from '@tabler/icons-react';
import { type UseQueryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { findCustomers } from '../api/customers';
import { findDevices } from '../api/devices';
import { findPlans } from '../api/plans';
import { findRouters } from '../api/routers';
import { findServices } from '../api/services';
import type { List } from '../api/types';
import { useSession } from '../session/session';
import { Safe } from '../ui/Safe';
import { Archived } from '../words/Archived';
import { DeviceStatus } from '../words/DeviceStatus';
import { ServiceStatus } from '../words/ServiceStatus';
import { serviceName } from '../words/serviceName';
import { nothingFound, paletteActions } from './actions';
import { hasRoom, livingFirst } from './found';
import classes from './Palette.module.css';

const TYPING_MS = 180;
const FOUND = 6;

/** Ctrl K: places, actions, and every service, customer, router, device and plan by what people know of it. */
export default function Palette() {
  const { tenant } = useSession();
  const { slug } = tenant;
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [typed] = useDebouncedValue(query.trim(), TYPING_MS);
  const services = useFound(findServices, typed);
  const customers = useFound(findCustomers, typed);
  const routers = useFound(findRouters, typed);
  const devices = useFound(findDevices, typed);
  const plans = useFound(findPlans, typed);
  const wanted = query.trim().toLowerCase();
  const actions = paletteActions(navigate, slug).filter(({ label, words }) =>
    `${label} ${words}`.toLowerCase().includes(wanted),
  );
  const groups: [string, ReactNode[]][] = [
    [
      'Go to and do',
      actions.map(({ label, words, icon: Icon, run }) => (
        <Entry key={label} icon={<Icon size={17} stroke={1.7} />} label={label} note={words} onClick={run} />
      )),
    ],
    [
      'Services',
      services.map((service) => (
        <Entry
          key={service.id}
          icon={<IconPlugConnected size={17} stroke={1.7} />}
          label={<Safe text={serviceName(service)} />}
          note={<Safe text={service.customerName ?? service.routerName} />}
          end={<ServiceStatus {...service} since={null} />}
          onClick={() => void navigate({ to: '/t/$slug/services/$id', params: { slug, id: service.id } })}
        />
      )),
    ],
    [
      'Customers',
      customers.map((customer) => (
        <Entry
          key={customer.id}
          icon={<IconUser size={17} stroke={1.7} />}
          label={<Safe text={customer.name} />}
          note={<Safe text={customer.reference ?? customer.phone ?? customer.email} none="" />}
          end={customer.archived ? <Archived /> : null}
          onClick={() => void navigate({ to: '/t/$slug/customers/$id', params: { slug, id: customer.id } })}
        />
      )),
    ],
    [
      'Routers',
      routers.map(({ id, name, address, archived }) => (
        <Entry
          key={id}
          icon={<IconRouter size={17} stroke={1.7} />}
          label={<Safe text={name} />}
          note={<Safe text={address} />}
          end={archived ? <Archived /> : null}
          onClick={() => void navigate({ to: '/t/$slug/routers/$id', params: { slug, id } })}
        />
      )),
    ],
    [
      'Devices',
      devices.map((device) => (
        <Entry
          key={device.id}
          icon={<IconAccessPoint size={17} stroke={1.7} />}
          label={<Safe text={device.name} />}
          note={<Safe text={device.address} />}
          end={<DeviceStatus {...device} brief />}
          onClick={() => void navigate({ to: '/t/$slug/devices/$id', params: { slug, id: device.id } })}
        />
      )),
    ],
    [
      'Plans',
      plans.map(({ id, name, archived }) => (
        <Entry
          key={id}
          icon={<IconPackage size={17} stroke={1.7} />}
          label={<Safe text={name} />}
          note={archived ? '' : 'its services'}
          end={archived ? <Archived /> : null}
          onClick={() =>
            archived
              ? void navigate({ to: '/t/$slug/plans', params: { slug }, search: { archived: 'true' } })
              : void navigate({ to: '/t/$slug/services', params: { slug }, search: { plan: id } })
          }
        />
      )),
    ],
  ];
  const found = groups.filter(([, entries]) => entries.length > 0);

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      scrollable
      maxHeight="60dvh"
      clearQueryOnClose
      centered={false}
      yOffset="12vh"
      overlayProps={{ blur: 0, backgroundOpacity: 0.35, color: '#0b1016' }}
      attributes={{ content: { 'aria-label': 'Search or go to' } }}
    >
      <Spotlight.Search
        className={classes.field}
        placeholder="Customer, service, router, device, plan, phone, address, MAC; or a place…"
        aria-label="Search or go to"
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList>
        {found.map(([label, entries]) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {entries}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 ? <Spotlight.Empty>{nothingFound(query)}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** The first matches, the archived ones last. */
function useFound<T>(find: Find<T>, typed: string): T[] {
  const asked = typed !== '';
  const living = useQuery({ ...find(typed, FOUND), enabled: asked }).data?.items;
  const archived = useQuery({ ...find(typed, FOUND, true), enabled: asked && hasRoom(living, FOUND) });
  return asked ? livingFirst(living, archived.data?.items, FOUND) : [];
}

type Find<T> = (
  q: string,
  limit: number,
  archived?: boolean,
) => UseQueryOptions<List<T>, Error, List<T>, Key>;

type Key = (string | number | boolean)[];

interface EntryProps {
  icon: ReactNode;
  label: ReactNode;
  note: ReactNode;
  end?: ReactNode;
  onClick: () => void;
}

function Entry({ icon, label, note, end, onClick }: EntryProps) {
  return (
    <Spotlight.Action onClick={onClick} className={classes.entry}>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.label}>{label}</span>
      <span className={classes.note}>{note}</span>
      <span className={classes.end}>{end}</span>
    </Spotlight.Action>
  );
}
