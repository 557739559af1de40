/** Series with times of their own as columns over one column of times, as a graph draws them. */

export interface Track {
  /** Unix seconds, upwards. */
  at: number[];
  values: (number | null)[];
  /** The seconds that a value stands for; null where values are as measured, at intervals that are guessed. */
  step: number | null;
}

/** A value; null where there is a gap; undefined where the line goes on past a moment of another series. */
export type Cell = number | null | undefined;

export interface Table {
  at: number[];
  columns: Cell[][];
}

/** Measurements come late, or are left out once, without a gap in the line. */
const LATE = 2.5;
/** Averages stand at even distances. */
const UNEVEN = 1.5;

/** Joins series; a line ends where its series has nothing for longer than its interval explains. */
export function joined(tracks: Track[]): Table {
  const limits = tracks.map(gapAfter);
  const times = new Set<number>();
  tracks.forEach(({ at }, track) => {
    const limit = limits[track] ?? 0;
    at.forEach((time, index) => {
      times.add(time);
      const next = at[index + 1];
      // A moment inside the gap, where the line ends.
      if (next !== undefined && next - time > limit) times.add(time + Math.min(limit, (next - time) / 2));
    });
  });
  const at = [...times].sort((a, b) => a - b);
  return { at, columns: tracks.map((track, index) => column(track, at, limits[index] ?? 0)) };
}

/** The seconds without a value after which there is a gap. */
export function gapAfter({ at, step }: Pick<Track, 'at' | 'step'>): number {
  return step === null ? LATE * interval(at) : UNEVEN * step;
}

/** The usual distance of two values. */
function interval(at: number[]): number {
  const distances = at.slice(1).map((time, index) => time - (at[index] ?? time));
  return distances.sort((a, b) => a - b)[distances.length >> 1] ?? 0;
}

function column({ at, values }: Track, times: number[], limit: number): Cell[] {
  let next = 0;
  return times.map((time) => {
    while ((at[next] ?? Number.POSITIVE_INFINITY) < time) next += 1;
    if (at[next] === time) return values[next] ?? null;
    const [before, after] = [at[next - 1], at[next]];
    if (before === undefined || after === undefined) return null;
    return after - before > limit ? null : undefined;
  });
}

/** The index of the time that is nearest to `wanted`; of an empty column none. */
export function nearest(at: number[], wanted: number): number | null {
  if (at.length === 0) return null;
  let [low, high] = [0, at.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < wanted) low = middle;
    else high = middle;
  }
  return wanted - (at[low] ?? 0) <= (at[high] ?? 0) - wanted ? low : high;
}

/** The value at `index`, or of the same line shortly before or after; null in a gap. */
export function valueAt(cells: Cell[], index: number): number | null {
  for (const step of [-1, 1]) {
    for (let place = index; place >= 0 && place < cells.length; place += step) {
      const cell = cells[place];
      if (typeof cell === 'number') return cell;
      if (cell === null) break;
    }
  }
  return null;
}
