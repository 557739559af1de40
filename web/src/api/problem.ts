/** What the server refuses with (RFC 9457), or what stands for it when no server answered. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Stable, for programs: `stale`, `not-found`, … */
    readonly code: string,
    /** For people. */
    message: string,
    /** By field of what was sent, in its own names. */
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }
}

interface Body {
  code?: string;
  title?: string;
  detail?: string | null;
  errors?: { field: string; message: string }[] | null;
}

/** Reads a refusal; any body will do. */
export function problemOf(status: number, body: unknown): Problem {
  const { code, title, detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as Body;
  const fields = Object.fromEntries((errors ?? []).map(({ field, message }) => [field, message]));
  return new Problem(
    status,
    code ?? 'unknown',
    detail || title || WORDS[status] || `The server answered ${status}.`,
    fields,
  );
}

export const unreachable = (): Problem =>
  new Problem(0, 'unreachable', 'The server cannot be reached. Check the connection and try again.');

const WORDS: Record<number, string> = {
  401: 'You are not signed in any more.',
  403: 'Your role does not allow this.',
  404: 'This is not here (any more).',
  409: 'This was changed by somebody else meanwhile. Load it again.',
  412: 'This was changed by somebody else meanwhile. Load it again.',
  429: 'Too many requests. Wait a moment.',
  502: 'The server is not running behind its proxy.',
  503: 'The server is busy. Try again in a moment.',
};
