import { Skeleton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { checkService, diagnosisQuery } from '../../../../api/services';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago } from '../../../../ui/Ago';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { Glyph } from '../../../../ui/Status';
import { toast } from '../../../../ui/toast';
import { VERDICT } from '../../../../words/states';
import classes from './-Service.module.css';

/** Sources whose name on screen is not the name in the API. */
const WITNESS: Record<string, string> = { arp: 'ARP table', queue: 'Traffic', lease: 'DHCP lease' };

/** Why is this customer online or offline: the answer, what each source says, and what to do. */
export function Diagnosis({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(diagnosisQuery(id));
  return (
    <Panel title="Diagnosis" aside={<LiveCheck id={id} />}>
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <p className={classes.verdict}>
            <Safe text={data.headline} />
          </p>
          <h3 className={classes.why}>Evidence</h3>
          <ul className={classes.evidence}>
            {data.evidence.map(({ at, witness, text, verdict }) => (
              <li key={`${witness} ${text}`}>
                <Glyph tone={VERDICT[verdict]} />
                <span className={classes.witness}>{WITNESS[witness] ?? witness}</span>
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

/** Asks the router now; the answer takes the place of what was shown. */
function LiveCheck({ id }: { id: string }) {
  const whyNot = useWhyNot('routers.test');
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    try {
      queries.setQueryData(diagnosisQuery(id).queryKey, await checkService(id));
      await queries.invalidateQueries({ queryKey: ['services'] });
    } catch (error) {
      void toast((error as Error).message, 'bad');
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActionButton
      size="compact-sm"
      variant="default"
      leftSection={<IconRefresh size={14} />}
      loading={busy}
      whyNot={whyNot}
      onClick={() => void check()}
    >
      Live check
    </ActionButton>
  );
}
