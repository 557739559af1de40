import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { dayName, timeOfDay } from '../../format/time';
import { type Colour, colours, DASHES, LINES } from './colours';
import classes from './Graph.module.css';
import type { Table } from './table';

export interface PlotProps {
  table: Table;
  /** Both ends of the time, in unix seconds. */
  from: number;
  to: number;
  height: number;
  /** How many of the columns are drawn; all unless given. */
  drawn?: number | undefined;
  /** Columns that are drawn as the edges of an area, not as lines. */
  band?: [low: number, high: number] | undefined;
  /** Draws over the area instead of lines. */
  paint?: ((plot: uPlot, colour: Colour) => void) | undefined;
  /** Ends of the scale; from the values unless given. */
  low?: number | undefined;
  high?: number | undefined;
  /** What the scale says. */
  scale: (value: number) => string;
  /** Graphs of the same name show the cursor at the same time. */
  sync: string;
  /** The moment that is pointed at, in unix seconds; null for none. */
  onPoint: (at: number | null) => void;
  onZoom: (from: number, to: number) => void;
  onZoomOut: () => void;
}

const AXIS = { letter: 6.2, gap: 14, least: 40, bottom: 26 };
const FONT = '11px Inter, "Segoe UI", system-ui, sans-serif';
const DAY = 86_400;
/** Shorter moves of the mouse are clicks. */
const DRAG_PX = 8;

/** The canvas of a graph. Fetched when a page has one; it knows nothing but columns of numbers. */
export default function Plot(props: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useComputedColorScheme('light');
  const { table, from, to, low, high } = props;

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(options(latest, element), aligned(latest.current), element);
    plot.current = made;
    const size = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    size.observe(element);
    return () => {
      size.disconnect();
      made.destroy();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ends are read when the scales are made anew
  useEffect(() => plot.current?.setData(aligned(latest.current)), [table, from, to, low, high]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read when it is drawn
  useEffect(() => plot.current?.redraw(false), [scheme]);
  return <div ref={frame} className={classes.plot} style={{ height: props.height }} />;
}

const aligned = ({ table, drawn }: PlotProps): uPlot.AlignedData => [
  table.at,
  ...table.columns.slice(0, drawn),
];

function options(latest: { current: PlotProps }, element: HTMLElement): uPlot.Options {
  const { table, drawn, band, paint, height, sync } = latest.current;
  const colour = colours(element);
  const isShown = (column: number) => !paint && !band?.includes(column);
  const axis = {
    stroke: () => colour('--mantine-color-dimmed'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
    font: FONT,
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [latest.current.from, latest.current.to] },
      y: { range: (_, min, max) => ends(latest.current, min, max) },
    },
    axes: [
      { ...axis, size: AXIS.bottom, space: 64, values: (_, splits, __, ___, step) => times(splits, step) },
      {
        ...axis,
        size: (_, labels) => {
          const longest = Math.max(0, ...(labels ?? []).map((label) => label.length));
          return Math.max(AXIS.least, Math.ceil(longest * AXIS.letter + AXIS.gap));
        },
        space: 30,
        values: (_, splits) => splits.map((value) => latest.current.scale(value)),
      },
    ],
    series: [
      {},
      ...table.columns.slice(0, drawn).map((_, column) => ({
        stroke: () => (isShown(column) ? colour(LINES[column % LINES.length] ?? '--good') : 'transparent'),
        width: isShown(column) ? 1.5 : 0,
        dash: isShown(column) ? (DASHES[column % DASHES.length] ?? []) : [],
        points: isShown(column) ? { size: 4 } : { show: false },
      })),
    ],
    ...(band
      ? {
          bands: [
            { series: [band[1] + 1, band[0] + 1] as [number, number], fill: () => colour('--graph-band') },
          ],
        }
      : {}),
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: DRAG_PX },
      // Where others point is shown here too; what they mark is not.
      sync: {
        key: sync,
        setSeries: false,
        scales: ['x', null],
        filters: { pub: (type) => type.startsWith('mousemove') || type === 'mouseleave', sub: () => true },
      },
      bind: {
        dblclick: () => () => {
          latest.current.onZoomOut();
          return null;
        },
      },
    },
    hooks: {
      setCursor: [
        (made) => {
          const { left } = made.cursor;
          latest.current.onPoint(left == null || left < 0 ? null : made.posToVal(left, 'x'));
        },
      ],
      setSelect: [
        (made) => {
          const { left, width } = made.select;
          if (width < DRAG_PX) return;
          const marked = [made.posToVal(left, 'x'), made.posToVal(left + width, 'x')] as const;
          made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onZoom(...marked);
        },
      ],
      draw: [(made) => latest.current.paint?.(made, colour)],
    },
  };
}

/** The ends of the scale; a line without ups and downs lies in the middle. */
function ends(props: PlotProps, min: number | null, max: number | null): [number, number] {
  const { low, high } = props;
  if (min === null || max === null) return [low ?? 0, high ?? 1];
  const [from, to] = uPlot.rangeNum(min, max, 0.1, true);
  const bottom = low ?? (min >= 0 ? Math.max(0, from ?? 0) : (from ?? min));
  return [bottom, Math.max(high ?? to ?? max, bottom + Number.EPSILON)];
}

/** Hours by the clock; midnight, and whole days, by the day. */
function times(splits: number[], step: number): string[] {
  return splits.map((at) => {
    const isMidnight = timeOfDay(at * 1000) === timeOfDay(new Date(2020, 0, 1).getTime());
    return step >= DAY || isMidnight ? dayName(at * 1000) : timeOfDay(at * 1000);
  });
}
