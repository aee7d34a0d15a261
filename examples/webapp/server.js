import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the shop does, and how many milliseconds that takes on average. */
const ROUTES = new Map([
  ['GET /', 62],
  ['GET /popular/category', 88],
  ['POST /checkout', 190],
]);

const registry = new Registry();
collectDefaultMetrics({ register: registry });
const requests = new Counter({
  name: 'http_requests_total',
  help: 'Requests served.',
  labelNames: ['method', 'path', 'status'],
  registers: [registry],
});
const durations = new Histogram({
  name: 'request_duration_milliseconds',
  help: 'Duration of requests in milliseconds.',
  labelNames: ['method', 'path'],
  buckets: [50, 100, 250, 500],
  registers: [registry],
});

/** Exponentially distributed, as waiting times are. */
const workOf = (mean) => -mean * Math.log(1 - Math.random());

/** One in fifty fails. What nobody offers counts as one path, or any visitor could make a new series. */
async function serveShop(method, path) {
  const mean = ROUTES.get(`${method} ${path}`);
  if (mean === undefined) return { path: 'other', status: 404 };
  await sleep(workOf(mean));
  return { path, status: Math.random() < 0.02 ? 500 : 200 };
}

async function serve(request, response) {
  const method = request.method ?? 'GET';
  const { pathname } = new URL(request.url ?? '/', 'http://webapp');
  if (pathname === '/metrics') {
    response.setHeader('content-type', registry.contentType);
    response.end(await registry.metrics());
    return;
  }
  if (pathname === '/health') {
    response.end('ok\n');
    return;
  }
  const start = performance.now();
  const { path, status } = await serveShop(method, pathname);
  durations.observe({ method, path }, performance.now() - start);
  requests.inc({ method, path, status });
  response.statusCode = status;
  response.end(`${status}\n`);
}

const server = createServer((request, response) => {
  serve(request, response).catch((error) => response.destroy(error));
});
server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`The web application listens on port ${server.address().port}.`);
});

/** ECS sends SIGTERM, and SIGKILL 30 seconds later. */
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
