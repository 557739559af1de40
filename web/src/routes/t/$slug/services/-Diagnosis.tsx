import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { diagnosisQuery } from '../../../../api/services';
import { Ago } from '../../../../ui/Ago';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { Glyph } from '../../../../ui/Status';
import { VERDICT } from '../../../../words/states';
import classes from './-Service.module.css';

/** Why is this customer online or offline: the answer, what every witness says, and what to do. */
export function Diagnosis({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(diagnosisQuery(id));
  return (
    <Panel title="Diagnosis">
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <p className={classes.verdict}>
            <Safe text={data.headline} />
          </p>
          <ul className={classes.evidence}>
            {data.evidence.map(({ at, witness, text, verdict }) => (
              <li key={`${witness} ${text}`}>
                <Glyph tone={VERDICT[verdict]} />
                <span className={classes.witness}>{witness}</span>
                <span className={classes.text}>
                  <Safe text={text} />
                </span>
                <span className={classes.when}>{at ? <Ago at={at} /> : null}</span>
              </li>
            ))}
          </ul>
          {data.advice.length > 0 ? (
            <ul className={classes.advice}>
              {data.advice.map((advice) => (
                <li key={advice}>
                  <Safe text={advice} />
                </li>
              ))}
            </ul>
          ) : null}
        </>
      ) : error ? null : (
        <Skeleton height={120} />
      )}
    </Panel>
  );
}
