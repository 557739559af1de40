import { useState } from 'react';
import classes from './DayBars.module.css';
import { scale } from './trend';

/** A day: two parts, one on top of the other; null where nothing is known. */
export interface Bar {
  at: number;
  parts: [lower: number, upper: number] | null;
}

interface Props {
  bars: Bar[];
  /** Names what is pointed with, for those who cannot see it. */
  label: string;
  value: (value: number) => string;
  /** The day that a bar is for, briefly. */
  day: (at: number) => string;
  /** What a day says. */
  words: (bar: Bar) => string;
  /** What is said while nobody points at anything. */
  summary: string;
  /** What the parts are called. */
  names: [lower: string, upper: string];
}

const WIDE = 1000;
const HIGH = 100;
/** The part of its place that a bar takes; many bars stand closer. */
const FULL = 0.78;
const CLOSE = 0.92;
const MANY = 60;
const TICKS = 5;

/**
 * Amounts by day as bars in two parts. Pointing, touching or the arrow keys choose a day and say in words how much it was.
 */
export function DayBars({ bars, label, value, day, words, summary, names }: Props) {
  const [pointed, setPointed] = useState<number | null>(null);
  const lines = scale(highest(bars));
  const top = lines.at(-1) ?? 1;
  const last = bars.length - 1;
  const chosen = pointed === null ? undefined : bars[pointed];
  const said = bars[pointed ?? last];
  return (
    <div className={classes.frame}>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden>
          {lines.map((line) => (
            <span key={line} style={{ bottom: `${(line / top) * 100}%` }}>
              {value(line)}
            </span>
          ))}
        </div>
        <div className={classes.field}>
          <Drawing bars={bars} lines={lines} chosen={chosen} />
          <input
            type="range"
            className={classes.pointer}
            aria-label={label}
            aria-valuetext={said ? words(said) : summary}
            min={0}
            max={Math.max(0, last)}
            value={pointed ?? Math.max(0, last)}
            onChange={(event) => setPointed(Number(event.currentTarget.value))}
            onPointerMove={({ clientX, currentTarget }) => {
              const { left, width } = currentTarget.getBoundingClientRect();
              const place = Math.floor(((clientX - left) / Math.max(1, width)) * bars.length);
              setPointed(Math.min(last, Math.max(0, place)));
            }}
            onPointerLeave={() => setPointed(null)}
            onBlur={() => setPointed(null)}
          />
        </div>
      </div>
      <div className={classes.ticks} aria-hidden>
        {ticks(bars).map(({ at, share }) => (
          <span key={at} data-edge={share > 0.93 || undefined} style={{ left: `${share * 100}%` }}>
            {day(at)}
          </span>
        ))}
      </div>
      <ul className={classes.key}>
        {names.map((name, part) => (
          <li key={name}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <path d="M0 0H10V10H0z" className={part === 0 ? classes.lower : classes.upper} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <p className={classes.words}>{chosen ? words(chosen) : summary}</p>
    </div>
  );
}

/** The same without a scale, as high as a line of text or two: its numbers stand beside it. */
export function SmallDayBars({ bars, label }: Pick<Props, 'bars' | 'label'>) {
  return (
    <div role="img" aria-label={label} className={classes.small}>
      <Drawing bars={bars} lines={scale(highest(bars))} />
    </div>
  );
}

function Drawing({ bars, lines, chosen }: { bars: Bar[]; lines: number[]; chosen?: Bar | undefined }) {
  const top = lines.at(-1) ?? 1;
  const place = WIDE / Math.max(1, bars.length);
  const width = place * (bars.length > MANY ? CLOSE : FULL);
  const height = (part: number) => (part / top) * HIGH;
  return (
    <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      {lines.map((line) => (
        <path key={line} className={classes.line} d={`M0 ${HIGH - height(line)}H${WIDE}`} />
      ))}
      {bars.map((bar, index) => {
        if (!bar.parts) return null;
        const [lower, upper] = bar.parts.map(height) as [number, number];
        const box = { x: index * place + (place - width) / 2, width };
        return (
          <g key={bar.at} className={classes.bar} data-faint={(chosen && chosen !== bar) || undefined}>
            <rect {...box} className={classes.lower} y={HIGH - lower} height={lower} />
            <rect {...box} className={classes.upper} y={HIGH - lower - upper} height={upper} />
          </g>
        );
      })}
    </svg>
  );
}

const highest = (bars: Bar[]): number =>
  bars.reduce((most, { parts }) => Math.max(most, parts ? parts[0] + parts[1] : 0), 0);

/** A few of the days, at even distances, where the middle of their bars is. */
function ticks(bars: Bar[]): { at: number; share: number }[] {
  const every = Math.max(1, Math.ceil(bars.length / TICKS));
  return bars.flatMap(({ at }, index) =>
    index % every === 0 ? [{ at, share: (index + 0.5) / bars.length }] : [],
  );
}
