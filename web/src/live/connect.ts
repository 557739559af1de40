import { type LiveMessage, LiveStream } from './stream';
import type { WorkerRequest } from './worker';

/**
 * Joins the live stream of `key` (user and tenant), shared by all tabs where the browser can, else a stream of this
 * tab's own. Gives the function that leaves it.
 */
export function connectLive(key: string, receive: (message: LiveMessage) => void): () => void {
  let leave = () => {};
  const alone = () => {
    const stream = new LiveStream(receive);
    leave = () => stream.close();
  };
  try {
    const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
      type: 'module',
      name: 'imsys-live',
    });
    leave = join(worker.port, key, receive);
    worker.onerror = () => {
      leave();
      alone();
    };
  } catch {
    alone();
  }
  return () => leave();
}

function join(port: MessagePort, key: string, receive: (message: LiveMessage) => void): () => void {
  const ask = (request: WorkerRequest) => port.postMessage(request);
  const open = () => ask({ kind: 'open', key });
  const close = () => ask({ kind: 'close' });
  port.onmessage = ({ data }: MessageEvent<LiveMessage>) => receive(data);
  // A page that is put aside or closed must not hold the stream open; one that comes back joins again.
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
  return () => {
    removeEventListener('pagehide', close);
    removeEventListener('pageshow', open);
    close();
    port.close();
  };
}
