import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const IMSYS = process.env.IMSYS_BIN ?? resolve(import.meta.dirname, '../../target/debug/imsys');

/** A simulated router that the demo does not know: user `api`, password `secret`. */
export interface Simulated {
  address: string;
  port: number;
  stop: () => void;
}

/** Whether the binary that simulates routers is there; where it must be (CI), its absence is a failure. */
export function canSimulate(): boolean {
  const there = existsSync(IMSYS);
  if (!there && process.env.CI) throw new Error(`there is no ${IMSYS}`);
  if (!there) console.log(`skipped: ${IMSYS} is not here; build it, or set IMSYS_BIN`);
  return there;
}

export async function simulate(): Promise<Simulated> {
  const port = await freePort();
  const child = spawn(IMSYS, ['sim', '--routers', '1', '--first-port', String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await started(child);
  return { address: '127.0.0.1', port, stop: () => child.kill() };
}

/** It says `router ADDRESS:PORT …` for each router once it listens. */
async function started(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the simulator has an output');
  for await (const line of createInterface(child.stdout)) if (line.startsWith('router ')) return;
  throw new Error('the simulator ended before its router listened');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
