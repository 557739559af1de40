import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { jobsQuery, runsQuery, tenantRunsQuery } from '../../../../api/jobs';
import type { Job } from '../../../../api/types';
import { CountTabs } from '../../../../ui/CountTabs';
import { Page } from '../../../../ui/Page';
import { Panel } from '../../../../ui/Panel';
import { texts, wordOf } from '../../../-search';
import { CheckAll } from './-CheckAll';
import { ActiveJobs, FailedJobs, WaitingJobs } from './-JobTables';
import { RouterTable } from './-RouterTable';
import { headline, kindsOf, standings } from './-standings';
import { TenantJobs } from './-TenantJobs';

const TABS = { routers: '', running: '', waiting: '', failed: '' };

export const Route = createFileRoute('/t/$slug/jobs/')({
  validateSearch: (search): { tab?: string } => texts(search, ['tab']),
  loader: ({ context: { queries } }) => {
    void queries.prefetchQuery(runsQuery);
    void queries.prefetchQuery(tenantRunsQuery);
    for (const state of ['active', 'waiting', 'delayed', 'failed'] as const)
      void queries.prefetchQuery(jobsQuery(state));
  },
  component: JobsPage,
});

function JobsPage() {
  const tab = wordOf(Route.useSearch().tab, TABS) ?? 'routers';
  const navigate = Route.useNavigate();
  const runs = useQuery(runsQuery);
  // Stays the same object while the kinds do, so that the columns do too.
  const kinds = useQuery({ ...runsQuery, select: ({ items }) => kindsOf(items) });
  const own = useQuery(tenantRunsQuery);
  const active = useQuery(jobsQuery('active'));
  const waiting = useQuery(jobsQuery('waiting'));
  const delayed = useQuery(jobsQuery('delayed'));
  const failed = useQuery(jobsQuery('failed'));
  const lines = runs.data && standings(runs.data.items);
  const queued = waiting.data && delayed.data ? [...waiting.data.items, ...delayed.data.items] : undefined;
  const queuedTotal = waiting.data && delayed.data ? waiting.data.total + delayed.data.total : undefined;
  const broken = [runs, active, waiting, delayed, failed].find((query) => query.error && !query.data);
  const again = () => void broken?.refetch();

  return (
    <Page
      title="Jobs"
      sub={lines && lines.length > 0 ? headline(lines) : undefined}
      actions={lines && lines.length > 0 ? <CheckAll /> : null}
    >
      <CountTabs
        chosen={tab}
        onChoose={(id) => void navigate({ search: id === 'routers' ? {} : { tab: id }, replace: true })}
        tabs={[
          { id: 'routers', label: 'Routers', count: lines?.length },
          { id: 'running', label: 'Running', count: active.data?.total },
          { id: 'waiting', label: 'Waiting', count: queuedTotal },
          {
            id: 'failed',
            label: 'Failed',
            ...(failed.data?.total ? { tone: 'bad' as const } : {}),
            count: failed.data?.total,
          },
        ]}
      />
      <Panel flush>{table()}</Panel>
      {tab === 'routers' ? (
        <TenantJobs jobs={own.data?.items} error={own.error} onRetry={() => void own.refetch()} />
      ) : null}
    </Page>
  );

  function table() {
    const jobs = (data: { items: Job[] } | undefined) => data?.items;
    const error = broken?.error ?? null;
    switch (tab) {
      case 'running':
        return <ActiveJobs jobs={jobs(active.data)} error={error} onRetry={again} />;
      case 'waiting':
        return <WaitingJobs jobs={queued} error={error} onRetry={again} />;
      case 'failed':
        return <FailedJobs jobs={jobs(failed.data)} error={error} onRetry={again} />;
      case 'routers':
        return <RouterTable kinds={kinds.data ?? []} lines={lines} error={error} onRetry={again} />;
    }
  }
}
