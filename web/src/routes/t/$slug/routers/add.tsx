import { Button, Group, Loader } from '@mantine/core';
import { IconCheck, IconCircleCheck, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { routerQuery } from '../../../../api/routers';
import type { Router } from '../../../../api/types';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago } from '../../../../ui/Ago';
import { Failed } from '../../../../ui/Failed';
import { Notice } from '../../../../ui/Notice';
import { Page } from '../../../../ui/Page';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { texts } from '../../../-search';
import { HooksPanel } from './-HooksPanel';
import { ImportPanel } from './-ImportPanel';
import { Proposals } from './-Proposals';
import { RouterForm, RouterSheet } from './-RouterForm';
import classes from './-Routers.module.css';
import { Script } from './-Scripts';
import { described, STEPS, type Step } from './-steps';
import { TestPanel, testQuery } from './-TestPanel';
import { WayBack } from './-WayBack';

/** Every step stands in the URL with its router: it can be left, reloaded and taken up again by somebody else. */
export const Route = createFileRoute('/t/$slug/routers/add')({
  validateSearch: (search): { router?: string; step?: string } => texts(search, ['router', 'step']),
  component: AddRouterPage,
});

function AddRouterPage() {
  const { router: id, step: asked } = Route.useSearch();
  const { slug } = useSession().tenant;
  const navigate = Route.useNavigate();
  const step: Step = id ? (STEPS.find((each) => each === asked && each !== 'router') ?? 'test') : 'router';
  const go = (next: Step, router = id) => void navigate({ search: { router, step: next } });
  const known = useQuery({ ...routerQuery(id ?? ''), enabled: Boolean(id) }).data;
  return (
    <Page
      title="Add a router"
      back={
        <Link to="/t/$slug/routers" params={{ slug }}>
          Routers
        </Link>
      }
    >
      <ol className={classes.steps}>
        {STEPS.map((each, index) => {
          const { title, done } = described(each, known);
          return (
            <li key={each}>
              <button
                type="button"
                aria-current={each === step ? 'step' : undefined}
                disabled={each === 'router' || !id}
                data-done={done !== null || undefined}
                onClick={() => go(each)}
              >
                <span aria-hidden>{done === null ? index + 1 : <IconCheck size={14} />}</span>
                <span>
                  <strong>{title}</strong>
                  <small>{done ?? 'not done yet'}</small>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {id ? <Steps id={id} step={step} onGo={go} /> : <First onAdded={(router) => go('test', router.id)} />}
    </Page>
  );
}

function First({ onAdded }: { onAdded: (router: Router) => void }) {
  const { slug } = useSession().tenant;
  const navigate = Route.useNavigate();
  const whyNot = useWhyNot('routers.write');
  if (whyNot) return <Notice tone="warn">{whyNot}</Notice>;
  return (
    <Panel className={classes.narrow}>
      <RouterForm
        verb="Add and test"
        onSaved={onAdded}
        onCancel={() => void navigate({ to: '/t/$slug/routers', params: { slug } })}
      />
    </Panel>
  );
}

function Steps({ id, step, onGo }: { id: string; step: Step; onGo: (step: Step) => void }) {
  const whyNot = useWhyNot('routers.write');
  const [editing, setEditing] = useState(false);
  const {
    data: router,
    error,
    refetch,
  } = useQuery({
    ...routerQuery(id),
    // Only while somebody waits here for the first event: the router's own page is told by the live stream.
    refetchInterval: ({ state }) => (step === 'events' && !state.data?.hooks.lastWebhookAt ? WAIT_MS : false),
  });
  if (error && !router) return <Failed error={error} onRetry={() => void refetch()} />;
  const steps: Record<Step, ReactNode> = {
    router: null,
    test: router ? <TestStep router={router} onNext={() => onGo('import')} /> : null,
    import: <ImportStep id={id} router={router} onNext={() => onGo('events')} />,
    events: <EventsStep id={id} router={router} />,
  };
  return (
    <>
      <div className={classes.which}>
        <strong>
          <Safe text={router?.name} none="" />
        </strong>{' '}
        {router ? `${router.address}:${router.port}` : ''}
        <ActionButton
          size="compact-sm"
          variant="default"
          leftSection={<IconPencil size={14} />}
          whyNot={whyNot}
          onClick={() => setEditing(true)}
        >
          Edit
        </ActionButton>
      </div>
      {steps[step]}
      {editing && router ? <RouterSheet router={router} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

const WAIT_MS = 2000;

function TestStep({ router, onNext }: { router: Router; onNext: () => void }) {
  const { id } = router;
  const result = useQuery({ ...testQuery(router), enabled: false }).data;
  return (
    <>
      <Panel title="Test">
        <TestPanel router={router} atOnce />
      </Panel>
      {result && !result.ok ? (
        <>
          <WayBack id={id} needs={['serverAddress']} />
          <Panel title="Prepare the router" aside="Paste into a terminal of the router, then test again">
            <div className={classes.column}>
              <Script id={id} part="user" />
              <Script id={id} part="firewall" />
            </div>
          </Panel>
        </>
      ) : null}
      <Next onNext={onNext} primary={Boolean(result?.ok)}>
        {result?.ok ? 'Continue' : 'Continue anyway'}
      </Next>
    </>
  );
}

function ImportStep({ id, router, onNext }: { id: string; router: Router | undefined; onNext: () => void }) {
  return (
    <>
      <Panel title="Import PPPoE customers">
        <ImportPanel id={id} />
      </Panel>
      {router ? <Proposals router={router} /> : null}
      <Next onNext={onNext}>Continue</Next>
    </>
  );
}

function Next({
  onNext,
  primary = true,
  children,
}: {
  onNext: () => void;
  primary?: boolean;
  children: ReactNode;
}) {
  return (
    <Group justify="flex-end">
      <Button variant={primary ? 'filled' : 'default'} onClick={onNext}>
        {children}
      </Button>
    </Group>
  );
}

function EventsStep({ id, router }: { id: string; router: Router | undefined }) {
  const { slug } = useSession().tenant;
  const first = router?.hooks.lastWebhookAt;
  return (
    <>
      <div className={classes.waiting} data-done={first ? true : undefined} role="status">
        {first ? (
          <>
            <IconCircleCheck size={26} aria-hidden />
            <p>
              <strong>Live.</strong> The latest event of this router arrived <Ago at={first} />.
            </p>
          </>
        ) : (
          <>
            <Loader size="sm" />
            <p>
              <strong>Waiting for the first event…</strong> Paste the script below, then let one customer
              reconnect. This turns green by itself; you can leave meanwhile.
            </p>
          </>
        )}
      </div>
      {router?.deviceModeFetch === false ? (
        <Notice tone="warn" title="This router may not send">
          Its device-mode forbids <code>fetch</code>. Run <code>/system/device-mode/update fetch=yes</code>{' '}
          and confirm with the button on the device; until then IMSys follows its active sessions, which needs
          no script.
        </Notice>
      ) : null}
      <WayBack id={id} needs={['webhookUrl']} />
      <Panel title="Let it report live" aside="Paste into a terminal of the router">
        <HooksPanel id={id} />
      </Panel>
      <Group justify="flex-end">
        <Button component={Link} to={`/t/${slug}/routers/${id}`} variant={first ? 'filled' : 'default'}>
          {first ? 'Done: open the router' : 'Finish later'}
        </Button>
      </Group>
    </>
  );
}
