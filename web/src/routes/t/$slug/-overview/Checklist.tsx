import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../../../api/types';
import { useSession } from '../../../../session/session';
import { Panel } from '../../../../ui/Panel';
import classes from './Overview.module.css';

/** The way from an empty installation to a live network. It goes away by itself. */
export function Checklist({ checklist }: { checklist: Overview['checklist'] }) {
  const params = { slug: useSession().tenant.slug };
  const steps: { done: boolean; title: string; next: ReactNode }[] = [
    {
      done: checklist.hasRouter,
      title: 'Add your first router',
      next: (
        <Link to="/t/$slug/routers/add" params={params}>
          Add a router
        </Link>
      ),
    },
    {
      done: checklist.hasService,
      title: 'Import its customers',
      next: (
        <Link to="/t/$slug/routers" params={params}>
          Choose the router
        </Link>
      ),
    },
    {
      done: checklist.hasWebhook,
      title: 'Let it report live',
      next: (
        <Link to="/t/$slug/routers" params={params}>
          Paste the script
        </Link>
      ),
    },
  ];
  return (
    <Panel title="First steps" aside={`${steps.filter((step) => step.done).length} of ${steps.length} done`}>
      <ol className={classes.steps}>
        {steps.map(({ done, title, next }, index) => (
          <li key={title} className={classes.step} data-done={done || undefined}>
            <span className={classes.mark} aria-hidden>
              {done ? '✓' : index + 1}
            </span>
            <div>
              <p>
                <strong>{title}</strong>
              </p>
              <p>{done ? 'Done' : next}</p>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
