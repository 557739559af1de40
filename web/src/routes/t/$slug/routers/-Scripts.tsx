import { Skeleton, Switch } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ScriptPart, scriptQuery } from '../../../../api/routers';
import { useWhyNot } from '../../../../session/session';
import { CodeBlock } from '../../../../ui/CodeBlock';
import { Failed } from '../../../../ui/Failed';
import classes from './-Routers.module.css';

const PARTS: Record<ScriptPart, { title: string; what: string }> = {
  user: { title: 'User', what: 'A user of its own for IMSys with just the policies that it needs.' },
  firewall: {
    title: 'Firewall',
    what: 'Adds one rule that accepts this server on the API port. It blocks nobody: that is for the rules that you have.',
  },
  hooks: {
    title: 'Live events',
    what: 'Makes the ticked profiles report each connect and disconnect. Scripts of your own in them stay as they are.',
  },
};

/** One part of the script to paste into a terminal of the router, with the script that undoes it. */
export function Script({ id, part, profiles = [] }: { id: string; part: ScriptPart; profiles?: string[] }) {
  const whyNot = useWhyNot('routers.write');
  const [undo, setUndo] = useState(false);
  const query = useQuery({
    ...scriptQuery(id, part, profiles, undo),
    enabled: !whyNot,
    placeholderData: keepPreviousData,
  });
  const { title, what } = PARTS[part];
  if (whyNot) return <p>The script holds secrets. {whyNot}</p>;
  return (
    <section aria-label={`Script: ${title}`}>
      <div className={classes.row}>
        <h3 style={{ margin: 0 }}>{title}</h3>
        <Switch
          size="xs"
          label="Show undo script"
          checked={undo}
          onChange={(event) => setUndo(event.currentTarget.checked)}
        />
      </div>
      <p style={{ margin: '2px 0 8px' }}>
        {undo ? 'Removes exactly what the script added.' : `${what} Pasting it twice changes nothing.`}
      </p>
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data !== undefined ? (
        <CodeBlock text={query.data} label={`${title} script`} />
      ) : (
        <Skeleton height={120} />
      )}
    </section>
  );
}
