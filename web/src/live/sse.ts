/**
 * Server-Sent Events without `EventSource`, which hides two things needed here: the heartbeat comments (without
 * them a dead connection looks like a quiet network) and the status of a refusal (a revoked session is 401).
 */

export type Frame = { kind: 'event'; name: string; data: string } | { kind: 'comment' };

/** A decoder that takes text as it arrives, in any pieces, and gives the frames that it completes. */
export function decoder(): (chunk: string) => Frame[] {
  let rest = '';
  let name = '';
  let data: string[] = [];

  const line = (text: string): Frame[] => {
    if (text === '') {
      const frame: Frame[] =
        data.length > 0 ? [{ kind: 'event', name: name || 'message', data: data.join('\n') }] : [];
      name = '';
      data = [];
      return frame;
    }
    if (text.startsWith(':')) return [{ kind: 'comment' }];
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
    return [];
  };

  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.flatMap(line);
  };
}
