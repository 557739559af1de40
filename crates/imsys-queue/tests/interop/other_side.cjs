// The other side of a queue: BullMQ for Node as another program of an ISP would use it, and Bull Board as
// its people would.
//
//   IMSYS_TEST_NODE_BULLMQ=<folder with node_modules> node other_side.cjs <verb> <port of Redis> [<argument>]
//
// It says in lines what happens, until it is killed or has no more to say.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");
const load = createRequire(join(process.env.IMSYS_TEST_NODE_BULLMQ, "here"));
const { Queue, QueueEvents, Worker } = load("bullmq");

const [verb, port, argument] = process.argv.slice(2);
const connection = { host: "127.0.0.1", port: Number(port), maxRetriesPerRequest: null };
const say = (...words) => console.log(words.join(" "));

async function work(perform) {
  const worker = new Worker("custom", perform, { connection, lockDuration: 5000, stalledInterval: 5000 });
  worker.on("error", (error) => say("error", error.message));
  await worker.waitUntilReady();
  say("ready");
}

// What Bull Board answers to its own page, without a web server between.
async function board(route, { params = {}, query = {} } = {}) {
  const { createBullBoard } = load("@bull-board/api");
  const { BullMQAdapter } = load("@bull-board/api/bullMQAdapter");
  const queue = new Queue("custom", { connection });
  let queues;
  let routes;
  const server = new Proxy(
    {},
    {
      get: (_, name) => (value) => {
        if (name === "setQueues") queues = value;
        if (name === "setApiRoutes") routes = value;
        return server;
      },
    },
  );
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: server });
  const { handler } = routes.find((known) => known.route === route);
  const answer = await handler({
    queues,
    params: { queueName: "custom", ...params },
    query: { activeQueue: "custom", status: "latest", page: "1", jobsPerPage: "10", ...query },
    headers: {},
    body: {},
  });
  await queue.close();
  return answer;
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
    // From the beginning: what happens between being ready and asking for news would not be told.
    const events = new QueueEvents("custom", { connection, lastEventId: "0" });
    events.on("completed", ({ jobId }) => say("completed", jobId));
    events.on("failed", ({ failedReason }) => say("failed", failedReason));
    await events.waitUntilReady();
    say("ready");
  },

  async "board-list"() {
    const { body } = await board("/api/queues", { query: { status: argument } });
    const [queue] = body.queues;
    for (const job of queue.jobs) say(job.id, job.name, JSON.stringify(job.data), job.failedReason ?? "-");
    say("end", queue.isPaused ? "paused" : "running");
  },

  async "board-retry"() {
    const { status } = await board("/api/queues/:queueName/:jobId/retry", { params: { jobId: argument } });
    say(status);
  },

  async "board-pause"() {
    const { status } = await board("/api/queues/:queueName/pause");
    say(status);
  },

  async "board-resume"() {
    const { status } = await board("/api/queues/:queueName/resume");
    say(status);
  },
};

verbs[verb]();
