// The other side: BullMQ for Node does what `src/ours.rs` does, in the same order and with the same
// options, and prints the same figures. Arguments: the port and the process of Redis, the queue's name,
// jobs of each kind of adding, and the sizes that both sides share (see `main.rs`).
'use strict';
const { readFileSync } = require('node:fs');
const { Queue, Worker } = require('bullmq');

const [port, redis, name, ...numbers] = process.argv.slice(2);
const [jobs, warm, inFlight, perCall, concurrency] = numbers.map(Number);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };

const NAME = 'SWEEP_PPP';
const OPTIONS = {
  priority: 10,
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: { count: 250 },
  keepLogs: 50,
};
const data = (number) => ({ routerId: '0192f0c1-7e4a-7d30-9a54-5a3f0f6b2c11', number });

async function addEach(queue, jobs) {
  let next = 0;
  const producer = async () => {
    while (next < jobs) await queue.add(NAME, data(next++), OPTIONS);
  };
  await Promise.all(Array.from({ length: inFlight }, producer));
}

async function addMany(queue, jobs) {
  for (let first = 0; first < jobs; first += perCall) {
    const length = Math.min(perCall, jobs - first);
    const job = (_, at) => ({ name: NAME, data: data(first + at), opts: OPTIONS });
    await queue.addBulk(Array.from({ length }, job));
  }
}

// Until nothing waits and nothing runs; how to stop the worker.
async function work(queue, jobs) {
  let done = 0;
  let last;
  const begun = new Promise((resolve) => (last = resolve));
  const handler = async () => {
    if (++done === jobs) last();
  };
  const worker = new Worker(queue.name, handler, {
    connection,
    concurrency,
    lockDuration: 15000,
    stalledInterval: 5000,
    maxStalledCount: 3,
    drainDelay: 1,
    removeOnComplete: OPTIONS.removeOnComplete,
    removeOnFail: OPTIONS.removeOnFail,
  });
  await begun;
  for (let left = 1; left > 0; ) {
    const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active');
    left = Object.values(counts).reduce((sum, count) => sum + count, 0);
  }
  return () => worker.close();
}

// User and system time of Redis so far, in seconds.
function redisCpu() {
  const fields = readFileSync(`/proc/${redis}/stat`, 'utf8').split(')').pop().trim().split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measured(what, perform) {
  const [start, cpu, its] = [performance.now(), process.cpuUsage(), redisCpu()];
  const after = await perform();
  const { user, system } = process.cpuUsage(cpu);
  const wall = (performance.now() - start) / 1000;
  console.log(what, wall, (user + system) / 1e6, redisCpu() - its);
  await after?.();
}

async function main() {
  const rehearsal = new Queue(`${name}-warm`, { connection });
  await addEach(rehearsal, warm);
  await addMany(rehearsal, warm);
  await (await work(rehearsal, 2 * warm))();
  const queue = new Queue(name, { connection });
  await queue.waitUntilReady();
  await measured('each', () => addEach(queue, jobs));
  await measured('work', () => work(queue, jobs));
  await measured('many', () => addMany(queue, jobs));
  await measured('work', () => work(queue, jobs));
  process.exit(0);
}

main();
