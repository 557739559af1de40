import type { JobStanding } from '../../../../api/types';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import classes from './-Jobs.module.css';
import { LastRun, NextRun } from './-Runs';

interface Props {
  jobs: JobStanding[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** The jobs that are done for the provider and at no router. */
export function TenantJobs({ jobs, error, onRetry }: Props) {
  return (
    <Panel title="For this provider">
      {error && !jobs ? <Failed error={error} onRetry={onRetry} /> : <List jobs={jobs ?? []} />}
    </Panel>
  );
}

function List({ jobs }: { jobs: JobStanding[] }) {
  return (
    <ul className={classes.list}>
      {jobs.map((job) => (
        <li key={job.kind}>
          <span>{job.label}</span>
          <LastRun job={job} />
          <span className={classes.next}>
            <NextRun job={job} />
          </span>
        </li>
      ))}
    </ul>
  );
}
