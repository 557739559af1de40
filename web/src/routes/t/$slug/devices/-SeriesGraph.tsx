import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { metricsQuery, type Span } from '../../../../api/metrics';
import { plain } from '../../../../format/escape';
import { Failed } from '../../../../ui/Failed';
import { Graph } from '../../../../ui/graph/Graph';
import { joined, type Table } from '../../../../ui/graph/table';
import type { Zoom } from './-Ranges';
import { quantity } from './-readings';

interface Props {
  id: string;
  span: Span;
  zoom: Zoom;
  label: string;
  unit: string;
  /** What is drawn, as `class:index`, and what it is called. */
  lines: { series: string; name: string }[];
  low?: number | undefined;
  high?: number | undefined;
  height?: number;
}

const HEIGHT = 150;

/** Some series of a device in one unit over time. */
export function SeriesGraph({ id, span, zoom, label, unit, lines, low, high, height = HEIGHT }: Props) {
  const asked = lines.map(({ series }) => series);
  const { data, error, refetch } = useQuery(metricsQuery(id, span, asked));
  const key = asked.join('\n');
  const table = useMemo(() => {
    const found = key
      .split('\n')
      .map((name) => data?.series.find((each) => `${each.class}:${each.index}` === name));
    return joined(
      found.map((each) => ({ at: each?.at ?? [], values: each?.avg ?? [], step: each?.step ?? null })),
    );
  }, [data, key]);
  const names = lines.map(({ name }) => plain(name));
  if (error && !data) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={height} />;
  return (
    <Graph
      label={label}
      table={table}
      names={names}
      from={Date.parse(data.from) / 1000}
      to={Date.parse(data.to) / 1000}
      height={height}
      low={low}
      high={high}
      scale={(value) => quantity(value, unit)}
      value={(value) => quantity(value, unit)}
      summary={summary(table, names, unit)}
      {...zoom}
    />
  );
}

/** `Lowest −63 dBm, highest −58 dBm.`, of each line where there are several. */
function summary({ columns }: Table, names: string[], unit: string): string {
  const parts = columns.flatMap((column, place) => {
    const values = column.filter((cell) => typeof cell === 'number');
    if (values.length === 0) return [];
    const [low, high] = values.reduce(
      ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    const words = `lowest ${quantity(low, unit)}, highest ${quantity(high, unit)}`;
    return [names.length > 1 ? `${names[place]}: ${words}` : words];
  });
  if (parts.length === 0) return 'Nothing was measured in this time.';
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
