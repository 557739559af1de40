import { Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { testRouter } from '../../../../api/routers';
import type { Router, TestResult } from '../../../../api/types';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Safe } from '../../../../ui/Safe';
import { Status } from '../../../../ui/Status';
import classes from './-Routers.module.css';

/**
 * The last test of a router; it talks to the router, so it runs when asked for and not by itself. What was found
 * before its settings changed, it went or came back, or its first event arrived, says nothing any more.
 */
export const testQuery = ({ id, etag, state, hooks }: Router) =>
  queryOptions({
    queryKey: ['router-test', id, etag, state === 'down', hooks.lastWebhookAt !== null],
    queryFn: () => testRouter(id),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Asks the router now and shows what it lacks, each with its fix. */
export function TestPanel({ router, atOnce }: { router: Router; atOnce: boolean }) {
  const whyNot = useWhyNot('routers.test');
  const { data, error, isFetching, refetch } = useQuery({ ...testQuery(router), enabled: atOnce && !whyNot });
  return (
    <div aria-live="polite" aria-busy={isFetching}>
      <div className={classes.row}>
        <div className={classes.result}>
          {isFetching ? <Asking /> : data ? <Verdict result={data} /> : 'Not tested now.'}
        </div>
        <ActionButton
          variant="default"
          leftSection={<IconRefresh size={16} />}
          whyNot={whyNot}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          {data || error ? 'Test again' : 'Test'}
        </ActionButton>
      </div>
      {error && !isFetching ? <Failed error={error} /> : null}
      {data && !isFetching ? <Problems problems={data.problems} /> : null}
    </div>
  );
}

function Asking() {
  return (
    <>
      <Loader size="xs" /> Asking the router…
    </>
  );
}

function Verdict({ result: { ok, identity, version, board, problems } }: { result: TestResult }) {
  const label = ok ? (problems.length > 0 ? 'Works with warnings' : 'Works') : 'Does not work yet';
  return (
    <>
      <Status tone={ok ? (problems.length > 0 ? 'warn' : 'good') : 'bad'} label={label} filled />
      {identity || version ? <Safe text={[identity, version, board].filter(Boolean).join(' · ')} /> : null}
    </>
  );
}

function Problems({ problems }: { problems: TestResult['problems'] }) {
  return (
    <ul className={classes.problems}>
      {problems.map(({ code, severity, message, fix }) => (
        <li key={`${code} ${message}`} className={classes.problem} data-severity={severity}>
          <p>
            <strong>{severity === 'error' ? 'Must be fixed: ' : ''}</strong>
            <Safe text={message} />
          </p>
          {fix ? (
            <p className={classes.fix}>
              {fix.split('\n').map((row, index) => (
                <span key={index}>
                  <Safe text={row} none="" />
                  {'\n'}
                </span>
              ))}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
