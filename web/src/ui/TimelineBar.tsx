import { useState } from 'react';
import { serverNow } from '../format/now';
import { dateTime, duration } from '../format/time';
import { Glyph, type Tone } from './Status';
import classes from './TimelineBar.module.css';

export interface Segment {
  from: string;
  to: string;
  tone: Tone;
  label: string;
  note?: string | null;
}

interface Props {
  from: string;
  to: string;
  segments: Segment[];
  /** Says in one sentence what the bar shows. */
  label: string;
  /** Its end is the moment at which it is looked at. */
  endsNow?: boolean;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** States over time as one bar; pointing at a part says what it was, from when to when and why. */
export function TimelineBar({ from, to, segments, label, endsNow = true }: Props) {
  const [pointed, setPointed] = useState<Segment | null>(null);
  const start = Date.parse(from);
  const length = Math.max(1, Date.parse(to) - start);
  const share = (at: string) => Math.min(100, Math.max(0, ((Date.parse(at) - start) / length) * 100));
  return (
    <div className={classes.frame}>
      <div className={classes.bar} role="img" aria-label={label} onPointerLeave={() => setPointed(null)}>
        {segments.map((segment) => (
          <div
            key={segment.from}
            className={classes.segment}
            data-tone={segment.tone}
            style={{ left: `${share(segment.from)}%`, width: `${share(segment.to) - share(segment.from)}%` }}
            onPointerEnter={() => setPointed(segment)}
          />
        ))}
      </div>
      <div className={classes.ticks} aria-hidden>
        {TICKS.map((tick) => (
          <span key={tick}>
            {tick === 1 && endsNow
              ? 'now'
              : dateTime(new Date(start + tick * length).toISOString(), serverNow())}
          </span>
        ))}
      </div>
      <p className={classes.words}>
        {pointed ? (
          <Words segment={pointed} />
        ) : (
          'Point at the bar, or touch it, for times and causes. Where it is empty, nobody watched yet.'
        )}
      </p>
    </div>
  );
}

function Words({ segment }: { segment: Segment }) {
  const now = serverNow();
  return (
    <>
      <Glyph tone={segment.tone} /> {segment.label}, {dateTime(segment.from, now)} –{' '}
      {dateTime(segment.to, now)} ({duration(Date.parse(segment.to) - Date.parse(segment.from))})
      {segment.note ? `, ${segment.note}` : ''}
    </>
  );
}
