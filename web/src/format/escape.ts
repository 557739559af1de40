/**
 * Text from the network (names, identities, comments) is hostile: a control character or a bidirectional
 * override can make one name look like another. Such characters are shown as what they are.
 */

export interface Piece {
  text: string;
  /** What the piece stands for, when it is an escape; absent for ordinary text. */
  name?: string;
}

// C0, DEL and C1 controls, soft hyphen, bidirectional controls, zero-width and invisible characters, line and
// paragraph separators, variation tags, lone surrogates.
const HOSTILE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const NAMES: Record<number, string> = {
  0: 'null',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape',
  8203: 'zero-width space',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  65279: 'byte order mark',
};

/** Cuts `text` into ordinary pieces and escapes such as `\u{202e}`. Joined, the result holds no hostile character. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(HOSTILE)) {
    if (match.index > done) found.push({ text: text.slice(done, match.index) });
    found.push(escaped(match[0].codePointAt(0) ?? 0));
    done = match.index + match[0].length;
  }
  if (done < text.length || found.length === 0) found.push({ text: text.slice(done) });
  return found;
}

/** The same as one string, for titles, labels and notifications. */
export function plain(text: string): string {
  return pieces(text)
    .map((piece) => piece.text)
    .join('');
}

function escaped(code: number): Piece {
  const hex = code.toString(16);
  const text = code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
  return { text, name: `${NAMES[code] ?? 'invisible character'} (U+${hex.toUpperCase().padStart(4, '0')})` };
}
