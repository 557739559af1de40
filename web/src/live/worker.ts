/// <reference lib="webworker" />
import { type LiveMessage, LiveStream } from './stream';

/**
 * One stream per browser, whatever the number of tabs: HTTP/1.1 gives a browser six connections to a server.
 * A page names who it is for (`key`: user and tenant); another key means another session, so a new stream.
 */
export type WorkerRequest = { kind: 'open'; key: string } | { kind: 'close' };

const scope = self as unknown as SharedWorkerGlobalScope;
const ports = new Set<MessagePort>();
let current: { key: string; stream: LiveStream } | null = null;

function emit(message: LiveMessage): void {
  for (const port of ports) port.postMessage(message);
}

function open(port: MessagePort, key: string): void {
  ports.add(port);
  if (current?.key !== key || current.stream.state.health === 'signed-out') {
    current?.stream.close();
    current = { key, stream: new LiveStream(emit) };
  }
  port.postMessage({ kind: 'state', state: current.stream.state } satisfies LiveMessage);
}

function close(port: MessagePort): void {
  ports.delete(port);
  if (ports.size > 0) return;
  current?.stream.close();
  current = null;
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<WorkerRequest>) =>
    data.kind === 'open' ? open(port, data.key) : close(port);
};
