import { Group } from '@mantine/core';
import { IconArchive, IconPencil } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import {
  archiveService,
  changeService,
  diagnosisQuery,
  restoreService,
  serviceQuery,
  serviceSessionsQuery,
  timelineQuery,
} from '../../../../api/services';
import type { Service } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, At, Lasting } from '../../../../ui/Ago';
import { Columns } from '../../../../ui/Columns';
import { Confirm } from '../../../../ui/Confirm';
import { CopyText } from '../../../../ui/CopyText';
import { Facts } from '../../../../ui/Facts';
import { Notice } from '../../../../ui/Notice';
import { Page } from '../../../../ui/Page';
import { PageSkeleton } from '../../../../ui/PageSkeleton';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { attempt, toast } from '../../../../ui/toast';
import { ArchivedSince, RestoreButton } from '../../../../words/Archived';
import { CustomerLink, RouterLink } from '../../../../words/Links';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import { serviceName } from '../../../../words/serviceName';
import { KIND, SOURCE } from '../../../../words/states';
import { texts } from '../../../-search';
import { PageFailed } from '../-PageFailed';
import { zoomOf } from '../devices/-Ranges';
import { type RangeSearch, spanOf } from '../devices/-range';
import { Diagnosis } from './-Diagnosis';
import classes from './-Service.module.css';
import { ServiceRange } from './-ServiceRange';
import { Sessions } from './-Sessions';
import { TimelinePanel } from './-TimelinePanel';
import { UsagePanel } from './-UsagePanel';

const ServiceSheet = lazy(() => import('./-ServiceSheet'));

interface Search extends RangeSearch {
  form?: string;
}

export const Route = createFileRoute('/t/$slug/services/$id')({
  validateSearch: (search): Search => texts(search, ['range', 'from', 'to', 'form']),
  loaderDeps: ({ search: { range, from, to } }) => ({ range, from, to }),
  loader: ({ context: { queries }, params: { id }, deps }) => {
    for (const query of [
      serviceQuery(id),
      diagnosisQuery(id),
      timelineQuery(id, spanOf(deps as RangeSearch)),
      serviceSessionsQuery(id),
    ]) {
      void queries.prefetchQuery(query as ReturnType<typeof serviceQuery>);
    }
  },
  component: ServicePage,
});

function ServicePage() {
  const { id } = Route.useParams();
  const { slug } = useSession().tenant;
  const { form, ...range } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: service, error, refetch } = useQuery(serviceQuery(id));
  const back = (
    <Link to="/t/$slug/services" params={{ slug }}>
      Services
    </Link>
  );
  if (error && !service) return <PageFailed error={error} onRetry={() => void refetch()} back={back} />;
  if (!service) return <PageSkeleton />;
  const name = serviceName(service);
  const open = (next?: string) =>
    void navigate({ search: { ...range, ...(next ? { form: next } : {}) }, replace: true });
  // Another range is a step that the browser goes back from.
  const onRange = (next: RangeSearch) => void navigate({ search: next });
  const span = spanOf(range);
  return (
    <Page
      title={name}
      heading={<Safe text={name} />}
      back={back}
      note={<ServiceStatus {...service} filled />}
      sub={
        service.archived ? (
          <ArchivedSince at={service.archivedAt} what="not watched; its history is kept" />
        ) : (
          <Headline service={service} />
        )
      }
      actions={
        service.archived ? (
          <Restore service={service} />
        ) : (
          <Actions service={service} onEdit={() => open('edit')} />
        )
      }
    >
      {service.wrongMac && !service.archived ? (
        <OtherDevice service={service} found={service.wrongMac} />
      ) : null}
      <Columns aside={<About service={service} />}>
        {service.archived ? null : <Diagnosis id={id} />}
        <ServiceRange search={range} onRange={onRange} />
        <TimelinePanel id={id} span={span} />
        <UsagePanel id={id} name={name} span={span} zoom={zoomOf(range, onRange)} />
        {service.kind === 'static' ? null : <Sessions id={id} kind={service.kind} />}
      </Columns>
      {form === 'edit' && !service.archived ? (
        <Suspense>
          <ServiceSheet service={service} onClose={() => open()} onSaved={() => open()} />
        </Suspense>
      ) : null}
    </Page>
  );
}

/** One sentence: the status, since when, its source, how old that is. */
function Headline({ service }: { service: Service }) {
  const { since, source, confirmedAt } = service;
  return (
    <>
      {since ? (
        <>
          For <Lasting at={since} />, since <At at={since} />
        </>
      ) : (
        'Never seen yet'
      )}
      {source ? <span title={SOURCE[source].long}> · source: {SOURCE[source].label}</span> : null}
      {confirmedAt ? (
        <>
          {' '}
          · checked <Ago at={confirmedAt} />
        </>
      ) : null}
    </>
  );
}

/** Another device than the registered one is there: what that may mean, and the way out when it is the customer's new one. */
function OtherDevice({ service, found }: { service: Service; found: string }) {
  const whyNot = useWhyNot('services.write');
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const register = async () => {
    setBusy(true);
    try {
      await changeService(service, { mac: found });
      void toast('The device is registered; the next check looks again');
      await queries.invalidateQueries({ queryKey: ['services'] });
    } catch (error) {
      void toast((error as Error).message, 'bad');
    } finally {
      setBusy(false);
    }
  };
  if (service.kind === 'dhcp') {
    return (
      <Notice tone="warn" title="Wrong MAC: another device is at the leased address">
        The last check found <span className={classes.mac}>{found}</span> at the address that the DHCP server
        gave to this one. Somebody has set that address by hand, or a second DHCP server gives it.
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title="Wrong MAC: another device is at this address">
      <Group justify="space-between" gap="sm">
        <span>
          The last check found <span className={classes.mac}>{found}</span>
          {service.mac ? (
            <>
              , and <span className={classes.mac}>{service.mac}</span> is registered
            </>
          ) : null}
          . Either the customer has a new device, or somebody else uses this address.
        </span>
        <ActionButton
          size="compact-sm"
          variant="default"
          loading={busy}
          whyNot={whyNot}
          onClick={() => void register()}
        >
          Register this device
        </ActionButton>
      </Group>
    </Notice>
  );
}

function Actions({ service, onEdit }: { service: Service; onEdit: () => void }) {
  const whyNot = useWhyNot('services.write');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const name = plain(serviceName(service));
  const archive = async () => {
    await attempt(archiveService(service));
    void toast(`${name} archived`);
    void queries.invalidateQueries();
  };
  return (
    <>
      <ActionButton variant="default" leftSection={<IconPencil size={16} />} whyNot={whyNot} onClick={onEdit}>
        Edit
      </ActionButton>
      <ActionButton
        variant="default"
        leftSection={<IconArchive size={16} />}
        whyNot={whyNot}
        onClick={() => setAsking(true)}
      >
        Archive
      </ActionButton>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Archive ${name}?`}
        confirm="Archive"
        onConfirm={archive}
      >
        It leaves the lists and is not watched any more. Its sessions are kept, nothing on the router changes,
        and it can be restored.
      </Confirm>
    </>
  );
}

function Restore({ service }: { service: Service }) {
  const whyNot = useWhyNot('services.write');
  return <RestoreButton name={serviceName(service)} whyNot={whyNot} work={() => restoreService(service)} />;
}

function About({ service }: { service: Service }) {
  return (
    <Panel title="About">
      <Facts
        items={[
          ['Customer', <CustomerLink key="c" id={service.customerId} name={service.customerName} />],
          ['Plan', <Safe key="p" text={service.planName} />],
          ['Router', <RouterLink key="r" id={service.routerId} name={service.routerName} />],
          ['Kind', KIND[service.kind]],
          ...(service.username
            ? ([['User name', <CopyText key="u" text={service.username} />]] as [string, React.ReactNode][])
            : []),
          [
            service.kind === 'dhcp' ? 'Leased address' : 'Address',
            <CopyText key="a" text={service.address} />,
          ],
          ['MAC', <CopyText key="m" text={service.mac} />],
          ...(service.sessionCount > 1
            ? ([['Open sessions', `${service.sessionCount}; the newest is shown here`]] as [
                string,
                React.ReactNode,
              ][])
            : []),
          ...(service.interface
            ? ([['Interface', <Safe key="i" text={service.interface} />]] as [string, React.ReactNode][])
            : []),
          ...(service.vrf
            ? ([['VRF', <Safe key="v" text={service.vrf} />]] as [string, React.ReactNode][])
            : []),
          [
            'Enforcement',
            <Group key="e" gap={6}>
              {service.enforcement.mode === 'observe'
                ? 'Observed only: IMSys changes nothing on the router'
                : 'Managed by IMSys'}
            </Group>,
          ],
          ['Added', <At key="d" at={service.createdAt} />],
        ]}
      />
    </Panel>
  );
}
