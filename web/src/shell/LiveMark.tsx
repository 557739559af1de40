import { useQueryClient } from '@tanstack/react-query';
import { useNow } from '../format/now';
import { shortDuration } from '../format/time';
import type { Health } from '../live/machine';
import { useLive } from '../live/store';
import { Hint } from '../ui/Hint';
import classes from './LiveMark.module.css';

interface Mark {
  word: (age: string) => string;
  why: string;
}

const MARKS: Record<Health, Mark> = {
  live: { word: () => 'Live', why: 'What you see follows the network within a second.' },
  connecting: { word: () => 'Connecting', why: 'Opening the live stream.' },
  frozen: {
    word: (age) => `Reconnecting, ${age}`,
    why: 'The connection to the server was lost. What you see is as old as this says; IMSys reconnects by itself.',
  },
  'signed-out': { word: () => 'Signed out', why: 'This session has ended.' },
};

/** Whether the page follows the network, or since when it does not. A click fetches everything on the page again. */
export function LiveMark() {
  const state = useLive();
  const queries = useQueryClient();
  useNow();
  const { word, why } = MARKS[state.health];
  return (
    <Hint label={why}>
      <button
        type="button"
        className={classes.mark}
        data-health={state.health}
        onClick={() => void queries.invalidateQueries()}
      >
        <span className={classes.dot} aria-hidden />
        {word(shortDuration(Date.now() - state.heardAt))}
      </button>
    </Hint>
  );
}
