import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowData,
  tableFeatures,
} from '@tanstack/react-table';

/** What a column says beyond its cells. */
export interface ColumnMeta {
  /** Width in a table: any CSS length; columns without one share the rest. */
  width?: string;
  align?: 'end';
  /** Its text may take several lines. */
  wrap?: boolean;
  /** The name of the field to sort by, as the server or the page knows it; columns without one do not sort. */
  sort?: string;
  /** The first click sorts downwards (newest first). */
  downFirst?: boolean;
  /** Only on pages at least this wide: md 62em, lg 75em, xl 90em. */
  from?: 'md' | 'lg' | 'xl';
  /** Where it goes on a card: the heading, the end of the first line, a line without its name, the last line, or nowhere. */
  card?: 'title' | 'corner' | 'line' | 'foot' | 'none';
}

export const features = tableFeatures({ columnVisibilityFeature, columnMeta: {} as ColumnMeta });

/** The helper that makes columns of rows `T`. */
export const columnsOf = <T extends RowData>() => createColumnHelper<typeof features, T>();

export type Columns<T extends RowData> = ReturnType<ReturnType<typeof columnsOf<T>>['columns']>;
