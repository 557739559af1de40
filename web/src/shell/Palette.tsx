import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import { IconPlugConnected, IconSearch, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { findCustomers } from '../api/customers';
import { findServices } from '../api/services';
import { useSession } from '../session/session';
import { Safe } from '../ui/Safe';
import { ServiceStatus } from '../words/ServiceStatus';
import { serviceName } from '../words/serviceName';
import { paletteActions } from './actions';
import classes from './Palette.module.css';

const TYPING_MS = 180;
const FOUND = 6;

/** Ctrl K: places, actions, and every service and customer by name, address or MAC. */
export default function Palette() {
  const { tenant } = useSession();
  const { slug } = tenant;
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [typed] = useDebouncedValue(query.trim(), TYPING_MS);
  const services = useQuery(findServices(typed, FOUND)).data?.items ?? [];
  const customers = useQuery({ ...findCustomers(typed, FOUND), enabled: typed !== '' }).data?.items ?? [];
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
      typed === ''
        ? []
        : services.map((service) => (
            <Entry
              key={service.id}
              icon={<IconPlugConnected size={17} stroke={1.7} />}
              label={<Safe text={serviceName(service)} />}
              note={<Safe text={service.customerName ?? service.routerName} />}
              end={<ServiceStatus status={service.status} suspended={service.suspended} />}
              onClick={() => void navigate({ to: '/t/$slug/services/$id', params: { slug, id: service.id } })}
            />
          )),
    ],
    [
      'Customers',
      typed === ''
        ? []
        : customers.map((customer) => (
            <Entry
              key={customer.id}
              icon={<IconUser size={17} stroke={1.7} />}
              label={<Safe text={customer.name} />}
              note={<Safe text={customer.reference ?? customer.phone ?? customer.email} none="" />}
              onClick={() =>
                void navigate({ to: '/t/$slug/customers/$id', params: { slug, id: customer.id } })
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
        placeholder="A place, an action, a customer, a user name, an address or MAC…"
        aria-label="Search or go to"
        leftSection={<IconSearch size={18} stroke={1.7} />}
      />
      <Spotlight.ActionsList>
        {found.map(([label, entries]) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {entries}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 ? <Spotlight.Empty>Nothing found for “{query}”</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

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
