import { useState } from 'react';
import { count } from '../format/number';
import classes from './TrendChart.module.css';
import type { Point, Shape } from './trend';

interface Props {
  shape: Shape;
  /** Both ends of the time, and the length of a slot, in ms. */
  from: number;
  to: number;
  every: number;
  ticks: { at: number; label: string }[];
  /** Names what is pointed with, for those who cannot see it. */
  label: string;
  /** What a slot says; of one without a count too. */
  words: (at: number, point: Point | null) => string;
  /** What is said while nobody points at anything. */
  summary: string;
}

const WIDE = 1000;
const HIGH = 100;

/**
 * Numbers over time as a filled line, and on top of it what nobody knew. Pointing, touching or the arrow keys choose a
 * slot and say in words what was counted there; where nobody counted there is a gap.
 */
export function TrendChart({ shape, from, to, every, ticks, label, words, summary }: Props) {
  const [pointed, setPointed] = useState<number | null>(null);
  const top = shape.scale.at(-1) ?? 1;
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from)));
  const begin = (slot: number) => shape.start + slot * every;
  const outline = (read: (point: Point) => number, [first, last]: [number, number]): [number, number][] => {
    const corners: [number, number][] = [];
    for (let slot = first; slot <= last; slot += 1) {
      const point = shape.slots[slot];
      if (point) corners.push([share(begin(slot)) * WIDE, HIGH - (read(point) / top) * HIGH]);
    }
    // A count holds until the next one would have come.
    const end = corners.at(-1);
    if (end) corners.push([share(begin(last + 1)) * WIDE, end[1]]);
    return corners;
  };
  const runs = shape.runs.map((run) => {
    const value = outline((point) => point.value, run);
    return { value, above: outline((point) => point.value + point.unknown, run), floor: flat(value) };
  });
  const last = shape.slots.length - 1;
  const chosen = pointed === null ? null : { slot: pointed, point: shape.slots[pointed] ?? null };
  return (
    <div className={classes.frame}>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden>
          {shape.scale.map((line) => (
            <span key={line} style={{ bottom: `${(line / top) * 100}%` }}>
              {count(line)}
            </span>
          ))}
        </div>
        <div className={classes.field}>
          <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
            {shape.scale.map((line) => {
              const y = HIGH - (line / top) * HIGH;
              return <line key={line} className={classes.line} x1={0} x2={WIDE} y1={y} y2={y} />;
            })}
            {runs.map(({ value, above, floor }) => (
              <g key={value[0]?.[0]}>
                <path className={classes.unknown} d={`${path(above)} L${reversed(value)}Z`} />
                <path className={classes.area} d={`${path(value)} L${reversed(floor)}Z`} />
                <path className={classes.value} d={path(value)} />
              </g>
            ))}
          </svg>
          {chosen ? (
            <>
              <span className={classes.cursor} style={{ left: `${share(begin(chosen.slot)) * 100}%` }} />
              {chosen.point ? (
                <span
                  className={classes.dot}
                  style={{
                    left: `${share(begin(chosen.slot)) * 100}%`,
                    bottom: `${(chosen.point.value / top) * 100}%`,
                  }}
                />
              ) : null}
            </>
          ) : null}
          <input
            type="range"
            className={classes.pointer}
            aria-label={label}
            aria-valuetext={words(begin(pointed ?? last), shape.slots[pointed ?? last] ?? null)}
            min={0}
            max={last}
            value={pointed ?? last}
            onChange={(event) => setPointed(Number(event.currentTarget.value))}
            onPointerMove={({ clientX, currentTarget }) => {
              const { left, width } = currentTarget.getBoundingClientRect();
              const at = from + ((clientX - left) / Math.max(1, width)) * (to - from);
              setPointed(Math.min(last, Math.max(0, Math.round((at - shape.start) / every))));
            }}
            onPointerLeave={() => setPointed(null)}
            onBlur={() => setPointed(null)}
          />
        </div>
      </div>
      <div className={classes.ticks} aria-hidden>
        {ticks.map(({ at, label: name }) => (
          <span key={at} data-edge={share(at) > 0.96 || undefined} style={{ left: `${share(at) * 100}%` }}>
            {name}
          </span>
        ))}
      </div>
      <p className={classes.words}>{chosen ? words(begin(chosen.slot), chosen.point) : summary}</p>
    </div>
  );
}

const pair = ([x, y]: [number, number]): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
const path = (corners: [number, number][]): string => `M${corners.map(pair).join('L')}`;
const reversed = (corners: [number, number][]): string => corners.map(pair).toReversed().join('L');
const flat = (corners: [number, number][]): [number, number][] => corners.map(([x]) => [x, HIGH]);
