import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Link, Outlet } from '@tanstack/react-router';
import { Empty } from '../ui/Empty';
import { Failed } from '../ui/Failed';

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  errorComponent: ({ error, reset }) => <Failed error={error} onRetry={reset} />,
  notFoundComponent: () => (
    <Empty title="There is no such page" actions={<Link to="/">Go to the overview</Link>}>
      The link may be old, or what it led to was archived.
    </Empty>
  ),
});
