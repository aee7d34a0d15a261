import type { Logger } from '../reconcile/ports.ts';
import { openHttpServer, type HttpServer, type Reply } from './http.ts';

export interface TargetsServer extends HttpServer {
  show(targets: ShownTargets): void;
}

export interface ShownTargets {
  /** Target groups in the format of http_sd. */
  readonly json: string;
  /** Why some of them could not be read now; those that were known before are among the others. */
  readonly unread: string | undefined;
}

/**
 * `/prometheus-targets` for http_sd_configs. Prometheus takes an answer for the whole truth and keeps what it has when
 * there is none, so nothing is shown before everything has been read once.
 */
export async function openTargetsServer(options: {
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
}): Promise<TargetsServer> {
  let readWhole = false;
  let reply = unavailable('The first pass is not over yet.');
  const routes = new Map([['/prometheus-targets', () => reply]]);
  const server = await openHttpServer({ ...options, routes, option: '--targets-listen' });
  return {
    ...server,
    show({ json, unread }) {
      readWhole ||= unread === undefined;
      reply = readWhole ? found(json) : unavailable(unread ?? '');
    },
  };
}

const found = (json: string): Reply => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: json,
});

const unavailable = (why: string): Reply => ({
  status: 503,
  contentType: 'text/plain; charset=utf-8',
  body: `${why}\n`,
});
