import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { sessionQuery } from '../api/session';
import { liveApplier } from './apply';
import { connectLive } from './connect';
import { initial, type LiveState } from './machine';

let state: LiveState = initial(Date.now());
const listeners = new Set<() => void>();

function publish(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How the live stream is doing. */
export function useLive(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}

/** Keeps what is on the screen true while a page of this session is open. `key` names user and tenant. */
export function useLiveUpdates(key: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const apply = liveApplier(queries);
    return connectLive(key, (message) => {
      switch (message.kind) {
        case 'state':
          publish(message.state);
          if (message.state.health === 'signed-out')
            void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
          break;
        case 'apply':
          apply(message.name, message.data);
          break;
        case 'refetch':
          void queries.invalidateQueries();
      }
    });
  }, [key, queries]);
}
