import type { Clock, Logger, PassObserver } from '../reconcile/ports.ts';
import { createHealth, type Check } from './health.ts';
import { openHttpServer, type HttpServer, type Route } from './http.ts';
import { createMetrics, type MetricsOptions } from './metrics/metrics.ts';
import { createStatusPage } from './page/status-page.ts';
import { probeReply } from './probes.ts';
import type { TargetLists } from './target-lists.ts';

export interface OperatorServerOptions extends MetricsOptions {
  readonly host: string;
  readonly port: number;
  readonly owner: string;
  readonly dryRun: boolean;
  readonly lists: TargetLists;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type OperatorServer = HttpServer & PassObserver;

/** Tells others how the controller is: `/metrics`, `/healthz` (it answers), `/readyz` (it can be relied on), its targets, and a page to look at. */
export async function openOperatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const { host, port, clock, logger, intervalMs } = options;
  const metrics = createMetrics(options);
  const health = createHealth({ clock, intervalMs });
  const statusPage = createStatusPage(options);
  const probe = (name: string, checks: () => readonly Check[]): [string, Route] => [
    `/${name}`,
    (query) => probeReply(name, checks(), query.has('verbose')),
  ];
  const routes = new Map<string, Route>([
    ...statusPage.routes,
    ['/metrics', async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() })],
    probe('healthz', () => [{ name: 'ping', problem: undefined }]),
    probe('readyz', health.readiness),
    ...options.lists.routes,
  ]);
  const server = await openHttpServer({ host, port, routes, logger });
  return {
    ...server,
    passDone(pass) {
      metrics.passDone(pass);
      health.passDone(pass);
      statusPage.passDone(pass);
    },
  };
}
