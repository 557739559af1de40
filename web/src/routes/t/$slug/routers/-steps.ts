import type { Router } from '../../../../api/types';
import { plural } from '../../../../format/number';

/** The steps of adding a router, in their order. */
export const STEPS = ['router', 'test', 'import', 'events'] as const;
export type Step = (typeof STEPS)[number];

type Facts = Pick<Router, 'state'> & {
  services: Pick<Router['services'], 'total'>;
  hooks: Pick<Router['hooks'], 'lastWebhookAt'>;
};

/** What a step is about, and what shows that it is done: that follows from the router, not from clicks. */
export function described(step: Step, router: Facts | undefined): { title: string; done: string | null } {
  switch (step) {
    case 'router':
      return { title: 'Router', done: router ? 'added' : null };
    case 'test':
      return { title: 'Test', done: router?.state === 'up' ? 'connected' : null };
    case 'import': {
      const total = router?.services.total ?? 0;
      return { title: 'Import', done: total > 0 ? `done: ${plural(total, 'service')}` : null };
    }
    case 'events':
      return { title: 'Live events', done: router?.hooks.lastWebhookAt ? 'arriving' : null };
  }
}
