import type { JobStanding } from '../../../../api/types';
import { took } from '../../../../format/time';
import { Ago, Ahead } from '../../../../ui/Ago';
import { Safe } from '../../../../ui/Safe';
import { Glyph } from '../../../../ui/Status';
import classes from './-Jobs.module.css';

/** When a kind of job ran last, and how that went. */
export function LastRun({ job: { lastAt, tookMs, outcome, error } }: { job: JobStanding }) {
  if (!lastAt) return <span>Not yet</span>;
  if (outcome === 'failed') {
    return (
      <span className={classes.failed}>
        <span>
          <Glyph tone="bad" /> Failed <Ago at={lastAt} />
        </span>
        <span className={classes.why}>
          <Safe text={error} />
        </span>
      </span>
    );
  }
  return (
    <span>
      <Glyph tone="good" /> <Ago at={lastAt} />
      {tookMs === null || tookMs === undefined ? null : `, took ${took(tookMs)}`}
    </span>
  );
}

/** When it is due again. */
export function NextRun({ job: { nextAt } }: { job: JobStanding }) {
  if (!nextAt) return 'not scheduled';
  return (
    <>
      next <Ahead at={nextAt} />
    </>
  );
}
