import packageJson from '../../package.json' with { type: 'json' };
import type { DocumentSource, Logger, PublishedTargets } from '../reconcile/ports.ts';
import type { HttpServer } from '../server/http.ts';
import type { OperatorServer } from '../server/operator-server.ts';
import type { TargetLists } from '../server/target-lists.ts';
import { parseListenAddress } from './listen-address.ts';
import type { Options } from './options.ts';
import type { Wiring } from './wire.ts';

/** Tells others how the controller is, at `--listen`; undefined when that is off. */
export async function wireServer(
  wiring: Wiring,
  options: Options,
  sources: readonly DocumentSource[],
  lists: TargetLists,
  leads: () => boolean | undefined,
  logger: Logger,
): Promise<OperatorServer | undefined> {
  const address = parseListenAddress(options.string('listen') ?? 'off');
  if (address?.kind !== 'address') return undefined;
  const { openOperatorServer } = await import('../server/operator-server.ts');
  const { calls } = await wiring.aws();
  return openOperatorServer({
    host: address.host,
    port: address.port,
    version: packageJson.version,
    intervalMs: options.duration('interval'),
    sources: sources.map(({ uri }) => uri),
    awsCalls: calls,
    leads,
    lists,
    owner: options.string('owner') ?? '',
    dryRun: options.flag('dry-run'),
    clock: wiring.clock,
    logger,
  });
}

/** Targets for http_sd_configs, of a `keep` what is on disk. */
export async function wireTargetLists(published: PublishedTargets | undefined): Promise<TargetLists> {
  const { createTargetLists } = await import('../server/target-lists.ts');
  return createTargetLists(async (path) => published?.text?.(path));
}

/** Shows targets at `--targets-listen`; undefined when that is off. */
export async function wireTargetsServer(
  options: Options,
  lists: TargetLists,
  logger: Logger,
): Promise<HttpServer | undefined> {
  const address = parseListenAddress(options.string('targets-listen') ?? 'off');
  if (address?.kind !== 'address') return undefined;
  const { openTargetsServer } = await import('../server/targets-server.ts');
  return openTargetsServer({ host: address.host, port: address.port, lists, logger });
}
