import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { enterTenant, sessionQuery } from '../../../api/session';
import { useLiveUpdates } from '../../../live/store';
import { OtherTenant, useTenantElsewhere } from '../../../session/OtherTenant';
import { SessionProvider, type TenantSession } from '../../../session/session';
import { Shell } from '../../../shell/Shell';
import { Empty } from '../../../ui/Empty';
import { Page } from '../../../ui/Page';
import { PageSkeleton } from '../../../ui/PageSkeleton';
import { RouteFailed } from '../../-RouteFailed';
import { Elsewhere, NotAMember } from './-Elsewhere';

/** Everything of one tenant. A session acts in one tenant; the address says which, so arriving here may switch. */
export const Route = createFileRoute('/t/$slug')({
  beforeLoad: async ({ context: { queries }, params: { slug }, location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (session.tenant?.slug === slug) return;
    const wanted = session.memberships.find((membership) => membership.slug === slug);
    if (!wanted) throw new NotAMember(slug, session);
    const entered = await enterTenant(wanted.tenantId);
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, entered);
  },
  component: Tenant,
  pendingComponent: PageSkeleton,
  notFoundComponent: NoSuchPage,
  errorComponent: ({ error, reset }) =>
    error instanceof NotAMember ? <Elsewhere error={error} /> : <RouteFailed error={error} reset={reset} />,
});

function Tenant() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const navigate = Route.useNavigate();
  if (session?.tenant && session.role) return <Inside session={session as TenantSession} />;
  void navigate({ to: '/sign-in', search: { next: location.pathname + location.search }, replace: true });
  return null;
}

function NoSuchPage() {
  return (
    <Page title="There is no such page">
      <Empty title="Nothing is at this URL">
        The link may be old or incomplete. The menu leads to every page.
      </Empty>
    </Page>
  );
}

function Inside({ session }: { session: TenantSession }) {
  const elsewhere = useTenantElsewhere(session.tenant);
  useLiveUpdates(`${session.user.id} ${session.tenant.id}`);
  return (
    <SessionProvider value={session}>
      {elsewhere ? (
        <OtherTenant name={elsewhere.name} />
      ) : (
        <Shell>
          <Outlet />
        </Shell>
      )}
    </SessionProvider>
  );
}
