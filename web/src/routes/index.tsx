import { createFileRoute, redirect } from '@tanstack/react-router';
import { enterTenant, sessionQuery } from '../api/session';
import { Empty } from '../ui/Empty';

/** The start page leads to the overview of the tenant that the session acts in, or of the first one it may enter. */
export const Route = createFileRoute('/')({
  beforeLoad: async ({ context: { queries } }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in' });
    const first = session.memberships[0];
    if (!session.tenant && first)
      queries.setQueryData(sessionQuery.queryKey, await enterTenant(first.tenantId));
    const slug = session.tenant?.slug ?? first?.slug;
    if (slug) throw redirect({ to: '/t/$slug', params: { slug } });
    if (session.user.platform) throw redirect({ to: '/providers' });
  },
  component: () => (
    <Empty title="You belong to no network yet">
      Ask the person who runs it for an invitation to this e-mail address.
    </Empty>
  ),
});
