import { Checkbox, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { profilesQuery } from '../../../../api/routers';
import type { Profile } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { plural } from '../../../../format/number';
import { Failed } from '../../../../ui/Failed';
import classes from './-Routers.module.css';
import { Script } from './-Scripts';

/** Which PPP profiles report, and the script that makes them. */
export function HooksPanel({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(profilesQuery(id));
  const [ticked, setTicked] = useState<string[] | null>(null);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={140} aria-label="Reading the profiles" />;
  const chosen = ticked ?? data.items.filter(worthHooking).map(({ name }) => name);
  const tick = (name: string, on: boolean) =>
    setTicked(on ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <div className={classes.column}>
      <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
        <legend style={{ padding: '0 0 6px' }}>Profiles that report</legend>
        <ul className={classes.profiles}>
          {data.items.map((profile) => (
            <li key={profile.name}>
              <Checkbox
                size="sm"
                label={plain(profile.name)}
                description={describe(profile)}
                checked={chosen.includes(profile.name)}
                onChange={(event) => tick(profile.name, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      </fieldset>
      <Script id={id} part="hooks" profiles={chosen} />
    </div>
  );
}

/** The profiles in use; when none is, those that customers are likely to get. */
const worthHooking = ({ secrets, hooked }: Profile): boolean => secrets > 0 || hooked;

function describe({ hooked, hasOwnScript, hasOwnHook, secrets }: Profile): string {
  const words = [plural(secrets, 'customer')];
  if (hooked) words.push('has the script');
  if (hasOwnHook) words.push('calls the webhook in a script of its own, which is kept');
  else if (hasOwnScript) words.push('has a script of its own, which is kept');
  if (!hooked && !hasOwnHook) words.push('nothing in it calls the webhook yet');
  return words.join(' · ');
}
