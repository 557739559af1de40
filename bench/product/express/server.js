// What a usual program does with a webhook: check the token, read the five lines, note the user's
// state and the event in Redis, answer 204.
import express from 'express';
import { createClient } from 'redis';

const [redisPort, token] = process.argv.slice(2);
const redis = createClient({ url: `redis://127.0.0.1:${redisPort}` });
await redis.connect();

const app = express();
app.use(express.text({ type: () => true, limit: '4kb' }));

app.post('/api/v1/webhooks/ppp', async (request, response) => {
  if (request.get('x-imsys-token') !== token) return response.sendStatus(401);
  const lines = String(request.body).split('\n');
  const [status, user, mac, ip, session] = lines;
  if (lines.length !== 5 || !user || !['up', 'down'].includes(status)) return response.sendStatus(400);
  const event = { status, user, mac, ip, session, at: Date.now() };
  await Promise.all([
    redis.hSet(`user:${user}`, event),
    redis.lPush('events', JSON.stringify(event)),
  ]);
  response.sendStatus(204);
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
