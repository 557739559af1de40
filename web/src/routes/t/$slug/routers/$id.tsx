import { Tabs } from '@mantine/core';
import { IconPencil, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { deviceTotalQuery } from '../../../../api/devices';
import {
  removeRouter,
  restoreRouter,
  rotateToken,
  routerQuery,
  sweepRouter,
  unknownUsersQuery,
} from '../../../../api/routers';
import { serviceTotalQuery } from '../../../../api/services';
import type { Router } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { count, plural } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, At, Lasting } from '../../../../ui/Ago';
import { Columns } from '../../../../ui/Columns';
import { Confirm } from '../../../../ui/Confirm';
import { CopyText } from '../../../../ui/CopyText';
import { useChosenInSight } from '../../../../ui/chosen';
import { Facts } from '../../../../ui/Facts';
import { MoreMenu } from '../../../../ui/MoreMenu';
import { Notice } from '../../../../ui/Notice';
import { Page } from '../../../../ui/Page';
import { PageSkeleton } from '../../../../ui/PageSkeleton';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { ShareBar } from '../../../../ui/ShareBar';
import { Sheet } from '../../../../ui/Sheet';
import { attempt, toast } from '../../../../ui/toast';
import { ArchivedSince, RestoreButton } from '../../../../words/Archived';
import { RouterStatus } from '../../../../words/RouterStatus';
import { texts, wordOf } from '../../../-search';
import { PageFailed } from '../-PageFailed';
import { AwayPanel } from './-AwayPanel';
import { HooksPanel } from './-HooksPanel';
import { ImportPanel } from './-ImportPanel';
import { Proposals } from './-Proposals';
import { RouterSheet } from './-RouterForm';
import classes from './-Routers.module.css';
import { Script } from './-Scripts';
import { TestPanel } from './-TestPanel';
import { UnknownUsers } from './-UnknownUsers';
import { WayBack } from './-WayBack';

export const Route = createFileRoute('/t/$slug/routers/$id')({
  validateSearch: (search): { tab?: string; form?: string } => texts(search, ['tab', 'form']),
  loader: ({ context: { queries }, params: { id } }) => {
    void queries.prefetchQuery(routerQuery(id));
    void queries.prefetchQuery(unknownUsersQuery(id));
  },
  component: RouterPage,
});

/** The tabs; a word that is none of them shows the first. */
const TABS = { state: '', import: '', proposals: '', events: '', script: '', unknown: '' };

function RouterPage() {
  const { id } = Route.useParams();
  const { slug } = useSession().tenant;
  const { form, ...search } = Route.useSearch();
  const tab = wordOf(search.tab, TABS) ?? 'state';
  const navigate = Route.useNavigate();
  const { data: router, error, refetch } = useQuery(routerQuery(id));
  const tabs = useChosenInSight<HTMLDivElement>(router ? tab : '');
  const unknown = useQuery(unknownUsersQuery(id)).data;
  const back = (
    <Link to="/t/$slug/routers" params={{ slug }}>
      Routers
    </Link>
  );
  if (error && !router) return <PageFailed error={error} onRetry={() => void refetch()} back={back} />;
  if (!router) return <PageSkeleton />;
  if (router.archived) return <ArchivedRouter router={router} back={back} />;
  const show = (search: { tab?: string; form?: string }) => void navigate({ search, replace: true });
  return (
    <Page
      title={router.name}
      heading={<Safe text={router.name} />}
      back={back}
      note={<RouterStatus state={router.state} paused={router.paused} filled />}
      sub={<Headline router={router} />}
      actions={<Actions router={router} onEdit={() => show({ tab, form: 'edit' })} />}
    >
      {router.hooks.lastWebhookAt ? null : <Unfinished id={id} />}
      <Tabs value={tab} onChange={(next) => show({ tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List mb="md" ref={tabs}>
          <Tabs.Tab value="state">State</Tabs.Tab>
          <Tabs.Tab value="import">Import</Tabs.Tab>
          <Tabs.Tab value="proposals">Unassigned addresses</Tabs.Tab>
          <Tabs.Tab value="events">Live events</Tabs.Tab>
          <Tabs.Tab value="script">Access script</Tabs.Tab>
          <Tabs.Tab value="unknown">
            Unknown PPPoE users{unknown?.total ? ` (${count(unknown.total)})` : ''}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="state">
          <State router={router} />
        </Tabs.Panel>
        <Tabs.Panel value="import">
          <Panel title="Import PPPoE customers">
            <ImportPanel id={id} />
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="proposals">
          <Proposals router={router} />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <div className={classes.column}>
            <WayBack id={id} needs={['webhookUrl']} />
            <Panel title="Let it report live" aside="Paste into a terminal of the router">
              {router.hooks.lastWebhookAt ? (
                <p style={{ marginTop: 0 }}>
                  The latest event of this router came <Ago at={router.hooks.lastWebhookAt} />.
                </p>
              ) : null}
              <HooksPanel id={id} />
            </Panel>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="script">
          <div className={classes.column}>
            <WayBack id={id} needs={['serverAddress']} />
            <Panel title="Access" aside="Paste into a terminal of the router">
              <div className={classes.column}>
                <Script id={id} part="user" />
                <Script id={id} part="firewall" />
              </div>
            </Panel>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="unknown">
          <UnknownUsers id={id} onImport={() => show({ tab: 'import' })} />
        </Tabs.Panel>
      </Tabs>
      {form === 'edit' ? <RouterSheet router={router} onClose={() => show({ tab })} /> : null}
    </Page>
  );
}

/** One that was removed: what it was, what was behind it, and the way back. */
function ArchivedRouter({ router, back }: { router: Router; back: React.ReactNode }) {
  const { slug } = useSession().tenant;
  const whyNot = useWhyNot('routers.write');
  const { data: many = 0 } = useQuery(serviceTotalQuery({ routerId: router.id, archived: true }));
  return (
    <Page
      title={router.name}
      heading={<Safe text={router.name} />}
      back={back}
      note={<RouterStatus {...router} filled />}
      sub={<ArchivedSince at={router.archivedAt} what="not connected; its history is kept" />}
      actions={<RestoreButton name={plain(router.name)} whyNot={whyNot} work={() => restoreRouter(router)} />}
    >
      <Columns aside={<About router={router} />}>
        <Panel title={plural(many, 'archived service')}>
          {many > 0 ? (
            <>
              Services that were archived together with the router come back with it.{' '}
              <Link to="/t/$slug/services" params={{ slug }} search={{ router: router.id, archived: 'true' }}>
                Show them
              </Link>
            </>
          ) : (
            'No service was behind it.'
          )}
        </Panel>
      </Columns>
    </Page>
  );
}

function Headline({ router }: { router: Router }) {
  return (
    <>
      For <Lasting at={router.since} />, since <At at={router.since} />
      {router.reason ? (
        <>
          {' '}
          · <Safe text={router.reason} />
        </>
      ) : null}{' '}
      · full sync <Ago at={router.lastSweepAt} />
    </>
  );
}

function Unfinished({ id }: { id: string }) {
  const { slug } = useSession().tenant;
  return (
    <Notice tone="warn" title="This router does not report live yet">
      Its customers are followed by syncing its active sessions.{' '}
      <Link to="/t/$slug/routers/add" params={{ slug }} search={{ router: id, step: 'events' }}>
        Continue the set-up
      </Link>{' '}
      to see every change the moment it happens.
    </Notice>
  );
}

function Actions({ router, onEdit }: { router: Router; onEdit: () => void }) {
  const whyNot = useWhyNot('routers.write');
  const whyNoTest = useWhyNot('routers.test');
  const queries = useQueryClient();
  const navigate = Route.useNavigate();
  const [asking, setAsking] = useState<'token' | 'remove' | null>(null);
  const [token, setToken] = useState('');
  const sweep = async () => {
    await sweepRouter(router.id);
    void toast(
      router.state === 'down'
        ? 'The router is down: connecting is tried again now, and the full sync follows when it answers'
        : 'A full sync has started',
    );
  };
  const remove = async () => {
    await removeRouter(router);
    void toast(`${router.name} removed`);
    await navigate({ to: '/t/$slug/routers' });
    void queries.invalidateQueries();
  };
  return (
    <>
      <ActionButton
        variant="default"
        leftSection={<IconRefresh size={16} />}
        whyNot={whyNoTest}
        onClick={() => void attempt(sweep()).catch(() => undefined)}
      >
        Sync now
      </ActionButton>
      <ActionButton variant="default" leftSection={<IconPencil size={16} />} whyNot={whyNot} onClick={onEdit}>
        Edit
      </ActionButton>
      <MoreMenu
        items={[
          { label: 'New webhook token…', whyNot, onClick: () => setAsking('token') },
          { label: 'Remove router…', whyNot, danger: true, onClick: () => setAsking('remove') },
        ]}
      />
      <Confirm
        opened={asking === 'token'}
        onClose={() => setAsking(null)}
        title={`New webhook token for ${plain(router.name)}?`}
        confirm="Create new token"
        onConfirm={() => attempt(rotateToken(router.id)).then(({ webhookToken }) => setToken(webhookToken))}
      >
        Events with the old token are refused from then on. Paste the live events script again afterwards.
      </Confirm>
      <Confirm
        opened={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={`Remove ${plain(router.name)}?`}
        confirm="Remove"
        onConfirm={() => attempt(remove())}
      >
        {plural(router.services.total, 'service')} behind it leave the lists with it; their history stays, and
        they come back when the router is restored. Nothing on the router changes: run its undo scripts first.
      </Confirm>
      {token !== '' ? (
        <Sheet title="New webhook token" onClose={() => setToken('')}>
          <p>It is shown once. The live events script already holds it.</p>
          <CopyText text={token} label="the token" />
        </Sheet>
      ) : null}
    </>
  );
}

function State({ router }: { router: Router }) {
  const { slug } = useSession().tenant;
  const { online, offline, unknown, total } = router.services;
  const hooks: [string, React.ReactNode][] = [
    ['Last event', <Ago key="l" at={router.hooks.lastWebhookAt} />],
    ['Accepted in 24 h', count(router.hooks.received24h)],
    ['Refused in 24 h', count(router.hooks.refused24h)],
  ];
  return (
    <Columns aside={<About router={router} />}>
      <Panel
        title={plural(total, 'service')}
        aside={
          <Link to="/t/$slug/services" params={{ slug }} search={{ router: router.id }}>
            Show them
          </Link>
        }
      >
        <dl className={classes.figures} style={{ marginBottom: 10 }}>
          {(
            [
              ['Online', online],
              ['Offline', offline],
              ['Unknown', unknown],
            ] as const
          ).map(([label, number]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{count(number)}</dd>
            </div>
          ))}
        </dl>
        <ShareBar
          parts={[
            { tone: 'good', count: online },
            { tone: 'bad', count: offline },
            { tone: 'idle', count: unknown },
          ]}
        />
      </Panel>
      <Panel title="Events from this router">
        <dl className={classes.figures}>
          {hooks.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <AwayPanel router={router} />
      <Panel title="Test">
        <TestPanel router={router} atOnce={false} />
      </Panel>
    </Columns>
  );
}

/** How many devices are behind a router, and the way to them. */
function Devices({ routerId }: { routerId: string }) {
  const { slug } = useSession().tenant;
  const { data: many } = useQuery(deviceTotalQuery({ routerId }));
  if (many === undefined) return '–';
  return (
    <Link to="/t/$slug/devices" params={{ slug }} search={{ router: routerId }}>
      {many === 0 ? 'none behind it' : `${count(many)} behind it`}
    </Link>
  );
}

/** How changes of active sessions are learnt. */
function following(router: Router): string {
  if (router.listenDeaf) {
    return 'not followed live: the router told nothing while sessions changed; full syncs and webhooks find changes';
  }
  return router.listening ? 'followed live' : 'not followed live';
}

/** What only a router has that is in use. */
const watching = (router: Router, slug: string): [string, React.ReactNode][] => [
  ['Active sessions', following(router)],
  [
    'Jobs',
    <Link key="j" to="/t/$slug/jobs" params={{ slug }}>
      {router.paused ? 'paused' : 'scheduled'}
    </Link>,
  ],
  [
    'May send events',
    router.deviceModeFetch === null ? 'not known' : router.deviceModeFetch ? 'yes' : 'no (device-mode)',
  ],
];

function About({ router }: { router: Router }) {
  const { slug } = useSession().tenant;
  return (
    <Panel title="About">
      <Facts
        items={[
          ['Address', <CopyText key="a" text={`${router.address}:${router.port}`} />],
          ['Encryption', router.tls ? 'TLS, pinned certificate' : 'none (plain API)'],
          ['Old login', router.legacyLogin ? 'allowed' : 'not allowed'],
          ['User', <Safe key="u" text={router.username} />],
          ...(router.routed.length > 0
            ? ([['Routed from here', router.routed.join(', ')]] satisfies [string, React.ReactNode][])
            : []),
          ['Identity', <Safe key="i" text={router.identity} />],
          ['RouterOS', <Safe key="v" text={router.version} />],
          ['Board', <Safe key="b" text={router.board} />],
          ...(router.archived
            ? []
            : [['Devices', <Devices key="d" routerId={router.id} />] satisfies [string, React.ReactNode]]),
          ...(router.archived ? [] : watching(router, slug)),
        ]}
      />
    </Panel>
  );
}
