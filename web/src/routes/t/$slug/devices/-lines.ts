/** Reads the addresses that somebody pastes, each with its name or without, and says what is wrong with which. */

export interface Entry {
  /** The line in the text, from 1. */
  line: number;
  /** What it would be written as on a line of its own. */
  text: string;
  address: string;
  name?: string;
  /** The address in its one form: two entries of the same are doubles. Absent where it is no address. */
  key?: string;
  problem?: string;
}

/** Most devices at once. */
export const ENTRIES_MOST = 1000;

const ADDRESS_HEADS = ['address', 'ip', 'ip address', 'ip-address', 'ipaddress', 'host'];
const NAME_HEADS = ['name', 'device', 'label'];

/**
 * An address a line, or several separated by commas, spaces or tabs; a name may follow the address on its line. A first
 * line that names the columns `address` and `name` makes it a CSV, in which other columns are left out.
 */
export function entries(text: string): Entry[] {
  const lines = text.split(/\r\n|\r|\n/).map((content, index) => ({ content, line: index + 1 }));
  const filled = lines.filter(({ content }) => content.trim() !== '');
  const columns = columnsOf(filled[0]?.content ?? '');
  const found = columns
    ? filled.slice(1).map(({ content, line }) => row(content, line, columns))
    : filled.flatMap(({ content, line }) => plainLine(content, line));
  return withDoubles(found);
}

/** An address in its one form, or nothing: `::ffff:192.0.2.1` is `192.0.2.1`. */
export function canonical(address: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    return address.split('.').every((part) => String(Number(part)) === part && Number(part) < 256)
      ? address
      : undefined;
  }
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(':')) return undefined;
  try {
    return unmapped(new URL(`http://[${address}]/`).hostname.slice(1, -1));
  } catch {
    return undefined;
  }
}

function unmapped(address: string): string {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address) ?? [];
  if (!high || !low) return address;
  return [high, low]
    .flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255])
    .join('.');
}

interface Columns {
  separator: string;
  address: number;
  name: number;
}

function columnsOf(head: string): Columns | undefined {
  const separator = separatorOf(head);
  const heads = cells(head, separator).map((cell) => cell.toLowerCase());
  const address = heads.findIndex((cell) => ADDRESS_HEADS.includes(cell));
  if (address < 0) return undefined;
  return { separator, address, name: heads.findIndex((cell) => NAME_HEADS.includes(cell)) };
}

const separatorOf = (line: string): string => ['\t', ';'].find((each) => line.includes(each)) ?? ',';

/** The cells of a line; in quotes a cell may hold the separator. */
function cells(line: string, separator: string): string[] {
  const found = [''];
  let quoted = false;
  for (const char of line) {
    if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) found.push('');
    else found[found.length - 1] += char;
  }
  return found.map((cell) => cell.trim());
}

function row(content: string, line: number, { separator, address, name }: Columns): Entry {
  const found = cells(content, separator);
  return entry(line, found[address] ?? '', found[name] ?? '');
}

function plainLine(content: string, line: number): Entry[] {
  const words = content.split(/[\s,;]+/).filter(Boolean);
  if (words.every((word) => canonical(word))) return words.map((word) => entry(line, word, ''));
  const parts = content
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
  // `192.168.1.20 Roof, 192.168.1.21 Mast`: as long as every part begins with an address, each is one.
  const each = parts.every((part) => canonical(firstWord(part))) ? parts : [content.trim()];
  return each.map((part) => {
    const address = firstWord(part);
    const name = part
      .slice(address.length)
      .replace(/^[\s,;]+/, '')
      .replace(/^"(.*)"$/, '$1');
    return entry(line, address, name.trim());
  });
}

const firstWord = (text: string): string => /^[^\s,;]*/.exec(text)?.[0] ?? '';

function entry(line: number, address: string, name: string): Entry {
  const key = canonical(address);
  const made: Entry = { line, address, text: [address, name].filter(Boolean).join(' ') };
  if (name) made.name = name;
  if (key) made.key = key;
  if (!address) made.problem = 'There is no address';
  else if (!key) made.problem = 'Not an IP address';
  else if (name.split(/[\s,;]+/).some((word) => canonical(word))) {
    made.problem = 'Two addresses with names: give each a line of its own';
  }
  return made;
}

/** The second of the same address is the one that is wrong. */
function withDoubles(found: Entry[]): Entry[] {
  const first = new Map<string, number>();
  return found.map((each) => {
    const { key, line, problem } = each;
    if (!key || problem) return each;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, line);
      return each;
    }
    return { ...each, problem: before === line ? 'Twice on this line' : `Already on line ${before}` };
  });
}
