/** What the graph of a trend is drawn from: numbers over time, in slots of equal length. */

/** One slot: whole things on average, and the least of what counts. */
export interface Point {
  /** When the slot begins, in ms. */
  at: number;
  value: number;
  /** What nobody knew, beside `value` and not part of it. */
  unknown: number;
  rest: number;
  lowest: number;
}

export interface Shape {
  /** Every slot of the time in its order; where nobody counted there is none. */
  slots: (Point | null)[];
  /** When the first slot begins, in ms. */
  start: number;
  /** Slots that follow each other without a gap: first and last index. */
  runs: [first: number, last: number][];
  /** The lines of the scale, from zero up; the last is the top. */
  scale: number[];
  lowest?: Point;
  highest?: Point;
  /** How long nobody counted since the first count, in ms. */
  uncounted: number;
}

/** Sorts counts into the slots of `every` ms between `from` and `to`, both in ms. */
export function shape(points: Point[], from: number, to: number, every: number): Shape {
  const start = Math.ceil(from / every) * every;
  const slots = new Array<Point | null>(Math.max(0, Math.floor((to - start) / every) + 1)).fill(null);
  for (const point of points) {
    const slot = Math.round((point.at - start) / every);
    if (slot >= 0 && slot < slots.length) slots[slot] = point;
  }
  const counted = slots.filter((point) => point !== null);
  const [lowest, highest] = [
    least(counted, (point) => point.lowest),
    least(counted, (point) => -point.value),
  ];
  const first = slots.findIndex((point) => point !== null);
  // The last slot may not have come to its count yet.
  const missing = first < 0 ? 0 : slots.slice(first, -1).filter((point) => point === null).length;
  return {
    slots,
    start,
    runs: runs(slots),
    scale: scale(Math.max(0, ...counted.map(({ value, unknown }) => value + unknown))),
    ...(lowest ? { lowest } : {}),
    ...(highest ? { highest } : {}),
    uncounted: missing * every,
  };
}

/** Round numbers from zero up to at least `most`, five at most. */
export function scale(most: number): number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step);
}

function runs(slots: (Point | null)[]): [number, number][] {
  const found: [number, number][] = [];
  slots.forEach((point, index) => {
    if (!point) return;
    const last = found.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else found.push([index, index]);
  });
  return found;
}

function least(points: Point[], read: (point: Point) => number): Point | undefined {
  return points.reduce<Point | undefined>(
    (best, point) => (best && read(best) <= read(point) ? best : point),
    undefined,
  );
}

/** Moments at which the reader's clock shows a whole `hours`, between `from` and `to`, in ms. */
export function ticks(from: number, to: number, hours: number): number[] {
  const found: number[] = [];
  const tick = new Date(from);
  tick.setHours(0, 0, 0, 0);
  while (tick.getTime() <= to) {
    if (tick.getTime() >= from) found.push(tick.getTime());
    // By the calendar, so that midnight stays midnight where the clocks change.
    tick.setHours(tick.getHours() + hours);
  }
  return found;
}
