import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Link, Outlet } from '@tanstack/react-router';
import { Gate } from './-Gate';
import { RouteFailed } from './-RouteFailed';

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  errorComponent: RouteFailed,
  notFoundComponent: () => (
    <Gate title="There is no such page">
      <p>The link may be old or incomplete.</p>
      <Link to="/">Go to the overview</Link>
    </Gate>
  ),
});
