import type { Logger } from '../reconcile/ports.ts';
import { openHttpServer, type HttpServer } from './http.ts';
import type { TargetLists } from './target-lists.ts';

/** Target groups alone, for a Prometheus elsewhere. */
export function openTargetsServer(options: {
  readonly host: string;
  readonly port: number;
  readonly lists: TargetLists;
  readonly logger: Logger;
}): Promise<HttpServer> {
  const { lists, ...where } = options;
  return openHttpServer({ ...where, routes: lists.routes, option: '--targets-listen' });
}
