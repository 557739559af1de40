// The other side of a queue: BullMQ for Node, as another program of an ISP would use it.
//
//   IMSYS_TEST_NODE_BULLMQ=<folder with node_modules> node other_side.cjs <verb> <port of Redis>
//
// It says in lines what happens, until it is killed.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");
const { Queue, QueueEvents, Worker } = createRequire(join(process.env.IMSYS_TEST_NODE_BULLMQ, "here"))("bullmq");

const [verb, port] = process.argv.slice(2);
const connection = { host: "127.0.0.1", port: Number(port), maxRetriesPerRequest: null };
const say = (...words) => console.log(words.join(" "));

async function work(perform) {
  const worker = new Worker("custom", perform, { connection, lockDuration: 5000, stalledInterval: 5000 });
  worker.on("error", (error) => say("error", error.message));
  await worker.waitUntilReady();
  say("ready");
}

const verbs = {
  async add() {
    const queue = new Queue("custom", { connection });
    const deduplication = { id: "router-1", keepLastIfActive: true };
    await queue.add("CHECK_STATIC_USERS", { routerId: "r1" }, { deduplication, attempts: 9 });
    say("added");
    await queue.close();
  },

  work: () => work(async (job) => say("did", job.name, JSON.stringify(job.data))),

  hang: () =>
    work((job) => {
      say("began", job.name);
      return new Promise(() => {});
    }),

  async watch() {
    const events = new QueueEvents("custom", { connection });
    events.on("completed", ({ jobId }) => say("completed", jobId));
    events.on("failed", ({ failedReason }) => say("failed", failedReason));
    await events.waitUntilReady();
    say("ready");
  },
};

verbs[verb]();
