import { initial, type LiveEffect, type LiveInput, type LiveState, step } from './machine';
import { decoder } from './sse';

/** What a page is told. Plain data: it travels through a worker's port. */
export type LiveMessage =
  | { kind: 'state'; state: LiveState }
  | { kind: 'apply'; name: string; data: unknown }
  | { kind: 'refetch' };

export const LIVE_PATH = '/api/v1/live?topics=service,router,device,overview,job';
const TICK_MS = 5000;

/** Keeps one stream open until `close()`: reconnects, notices silence, and tells `emit` what happened. */
export class LiveStream {
  state: LiveState = initial(Date.now());
  private abort: AbortController | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly ticker = setInterval(() => this.feed({ kind: 'tick' }), TICK_MS);

  constructor(private readonly emit: (message: LiveMessage) => void) {
    void this.connect();
  }

  close(): void {
    clearInterval(this.ticker);
    clearTimeout(this.retry);
    this.abort?.abort();
  }

  private feed(input: LiveInput): void {
    const before = this.state;
    const [state, effects] = step(before, input, Date.now());
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
    if (state !== before) this.emit({ kind: 'state', state });
  }

  private carryOut(effect: LiveEffect): void {
    switch (effect.kind) {
      case 'apply':
      case 'refetch':
        this.emit(effect);
        break;
      case 'disconnect':
        this.abort?.abort();
        break;
      case 'connect':
        clearTimeout(this.retry);
        this.retry = setTimeout(() => void this.connect(), effect.afterMs);
    }
  }

  /** Where the stream stood: the server goes on from there. */
  private last(): Record<string, string> {
    const { stream, seq } = this.state;
    return stream === null ? {} : { 'last-event-id': `${stream}-${seq}` };
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const outcome = await this.read(abort.signal).catch((): LiveInput => ({ kind: 'lost' }));
    if (!abort.signal.aborted) this.feed(outcome);
  }

  /** Reads until the stream ends, and says how it ended. */
  private async read(signal: AbortSignal): Promise<LiveInput> {
    const response = await fetch(LIVE_PATH, {
      signal,
      cache: 'no-store',
      headers: { accept: 'text/event-stream', ...this.last() },
    });
    if (!response.ok || !response.body) return { kind: 'refused', status: response.status };
    const decode = decoder();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { kind: 'lost' };
      for (const frame of decode(value)) {
        if (signal.aborted) return { kind: 'lost' };
        this.feed(
          frame.kind === 'comment'
            ? { kind: 'beat' }
            : { kind: 'event', name: frame.name, data: JSON.parse(frame.data) },
        );
      }
    }
  }
}
