// The usual program: a BullMQ job a router, fifty at once, node-routeros over a connection that is kept,
// the table matched by a Map, each customer's status in a Redis hash. Arguments: the port of Redis, how many
// customers a router has. One router's `address:port` a line comes on standard input. It prints a line of
// JSON for connecting, and one for each round: wall and CPU seconds, and how many were found online.
const readline = require('node:readline');
const { Queue, Worker } = require('bullmq');
const Redis = require('ioredis');
const { RouterOSAPI } = require('node-routeros');

const [port, customers] = process.argv.slice(2).map(Number);
const ROUNDS = 3;
const AT_ONCE = 50;
const connection = { host: '127.0.0.1', port };

async function main() {
  const addresses = [];
  for await (const line of readline.createInterface({ input: process.stdin })) addresses.push(line);
  const registered = new Map();
  for (let n = 0; n < customers; n++) registered.set(`10.20.0.${n + 1}`, n);
  const routers = [];
  await timed(async () => {
    for (const address of addresses) routers.push(await connect(address));
    return routers.length;
  });
  const redis = new Redis(connection);
  const queue = new Queue('routers', { connection });
  await queue.waitUntilReady();
  for (let round = 0; round < ROUNDS; round++) {
    await timed(() => check(queue, redis, routers, registered));
  }
  process.exit(0);
}

async function connect(address) {
  const [host, port] = address.split(':');
  const api = new RouterOSAPI({ host, port: Number(port), user: 'api', password: 'secret', timeout: 600 });
  await api.connect();
  return { api, sent: new Map() };
}

async function timed(work) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const found = await work();
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ wall: (performance.now() - began) / 1e3, cpu: (user + system) / 1e6, found }));
}

/** A round: one job for each router. */
async function check(queue, redis, routers, registered) {
  let found = 0;
  await queue.addBulk(
    routers.map((_, router) => ({ name: 'CHECK_STATIC_USERS', data: { router }, opts: { removeOnComplete: true } })),
  );
  await new Promise((resolve, reject) => {
    let left = routers.length;
    const work = async (job) => {
      const online = await ask(redis, job.data.router, routers[job.data.router], registered);
      found += online;
    };
    const worker = new Worker('routers', work, { connection, concurrency: AT_ONCE });
    worker.on('failed', (_, error) => reject(error));
    worker.on('completed', () => {
      if (--left === 0) worker.close().then(resolve, reject);
    });
  });
  return found;
}

/** One router: its ARP table and its queues' counters, matched with those who are registered. */
async function ask(redis, id, { api, sent }, registered) {
  const [arp, queues] = await Promise.all([
    api.write('/ip/arp/print', ['=.proplist=.id,address,mac-address,interface,vrf,status,complete,dynamic,disabled,invalid']),
    api.write('/queue/simple/print', ['=.proplist=.id,name,target,bytes,disabled']),
  ]);
  const rows = new Map(arp.map((row) => [row.address, row]));
  const bytes = new Map(queues.map((row) => [row.target.split('/')[0], Number(row.bytes.split('/')[0])]));
  const at = Date.now();
  const pipeline = redis.pipeline();
  let online = 0;
  for (const [address, customer] of registered) {
    const status = rows.get(address)?.status;
    const moved = bytes.has(address) && bytes.get(address) !== sent.get(address);
    const isOnline = moved || status === 'reachable';
    online += isOnline;
    pipeline.hset(`customer:${id}:${customer}`, 'isOnline', isOnline ? 1 : 0, 'at', at);
  }
  bytes.forEach((value, address) => sent.set(address, value));
  await pipeline.exec();
  return online;
}

main();
