import type uPlot from 'uplot';
import type { Colour } from '../../../../ui/graph/colours';
import type { Table } from '../../../../ui/graph/table';
import { HIGHEST, LOSS, LOSSES, type LossClass, lossClass, MEDIAN, WORST } from './-latency';

/** At the axis, in CSS pixels: where everything was lost, and where it was in a part of the time. */
const TOTAL = { whole: 9, part: 4, wide: 2 };
/** At the upper edge, where values are cut off. */
const MARK = 5;
/** Half of the stroke that a value is which stands alone. */
const ALONE = 1.5;

/** Draws the median coloured by what was lost, a bar at the axis for total loss, and marks where values are cut off. */
export function paintLatency({ at, columns }: Table, high: number | undefined) {
  return (plot: uPlot, colour: Colour): void => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const x = (index: number) => plot.valToPos(at[index] ?? 0, 'x', true);
    const y = (value: number) => plot.valToPos(value, 'y', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.setLineDash([]);
    for (const [kind, path] of lines(columns[MEDIAN] ?? [], columns[LOSS] ?? [], x, y, ratio)) {
      ctx.strokeStyle = colour(LOSSES[kind].colour);
      ctx.lineWidth = LOSSES[kind].width * ratio;
      ctx.lineJoin = 'round';
      ctx.stroke(path);
    }
    ctx.fillStyle = colour('--bad-fill');
    const floor = bbox.top + bbox.height;
    const wide = Math.max(TOTAL.wide * ratio, width(at, x));
    columns[WORST]?.forEach((worst, index) => {
      if (typeof worst !== 'number' || worst < 100) return;
      const isWhole = (columns[LOSS]?.[index] ?? 0) >= 100;
      const tall = (isWhole ? TOTAL.whole : TOTAL.part) * ratio;
      ctx.fillRect(x(index) - wide / 2, floor - tall, wide, tall);
    });
    ctx.fillStyle = colour('--mantine-color-text');
    columns[HIGHEST]?.forEach((value, index) => {
      if (high === undefined || typeof value !== 'number' || value <= high) return;
      const half = MARK * ratio;
      ctx.beginPath();
      ctx.moveTo(x(index), bbox.top);
      ctx.lineTo(x(index) - half, bbox.top + half);
      ctx.lineTo(x(index) + half, bbox.top + half);
      ctx.fill();
    });
    ctx.restore();
  };
}

type Cells = Table['columns'][number];

/** One path for each class of loss: a piece of the line is of the class of the value that it leads to. */
function lines(
  median: Cells,
  loss: Cells,
  x: (index: number) => number,
  y: (value: number) => number,
  ratio: number,
): Map<LossClass, Path2D> {
  const paths = new Map<LossClass, Path2D>();
  let before: number | null = null;
  median.forEach((value, index) => {
    if (value === undefined) return;
    if (value === null) {
      before = null;
      return;
    }
    const kind = lossClass(loss[index] ?? 0);
    const path = paths.get(kind) ?? new Path2D();
    paths.set(kind, path);
    const last = before === null ? null : median[before];
    if (before === null || typeof last !== 'number') {
      // A value alone is a short stroke.
      path.moveTo(x(index) - ALONE * ratio, y(value));
      path.lineTo(x(index) + ALONE * ratio, y(value));
    } else path.moveTo(x(before), y(last));
    path.lineTo(x(index), y(value));
    before = index;
  });
  return paths;
}

/** The pixels from one value to the next. */
const width = (at: number[], x: (index: number) => number): number =>
  at.length < 2 ? 0 : (x(at.length - 1) - x(0)) / (at.length - 1);
