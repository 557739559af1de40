/** Rows as CSV, each cell in quotes where it needs them. */
export function csv(rows: (string | null | undefined)[][]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(text: string | null | undefined): string {
  const value = text ?? '';
  return /[",;\r\n\t]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
