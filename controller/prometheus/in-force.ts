import { terminal } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import { TARGETS_DIRECTORY } from '../state/targets.ts';
import type { PrometheusApi } from './api.ts';

const TARGET_FILE = new RegExp(
  `${TARGETS_DIRECTORY}/[a-z0-9.-]+\\.json|(?<![\\w.-])${TAGGED_FILE.replace('.', '\\.')}`,
  'g',
);

/** Target files that a configuration names, under whatever directory it sees them. */
export function namedTargetFiles(config: string): ReadonlySet<string> {
  return new Set(config.match(TARGET_FILE));
}

/**
 * A reload proves that Prometheus read its configuration file, not that this file is ours. So the
 * configuration in force must name the target files that ours names.
 */
export async function findForeignConfig(
  api: PrometheusApi,
  { configFile, config }: { readonly configFile: string; readonly config: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<OperatorError | undefined> {
  const running = await api.runningConfig(timeoutMs, signal);
  if (running === undefined) return undefined;
  const named = namedTargetFiles(running);
  const missing = [...namedTargetFiles(config)].find((path) => !named.has(path));
  if (missing === undefined) return undefined;
  return terminal({
    reason: 'ForeignConfiguration',
    message: `Prometheus reloaded a configuration that does not name ${missing}: it reads another file than the one written here.`,
    remedy: `Start Prometheus with --config.file pointing to ${configFile} in the bundle directory.`,
  });
}
