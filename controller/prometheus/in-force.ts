import { terminal } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { CONFIG_FILE } from '../state/targets.ts';
import type { Bundle } from '../state/targets.ts';
import type { PrometheusApi } from './api.ts';

/**
 * A reload proves that Prometheus read its configuration file, not that this file is ours. So the
 * configuration in force must name the target files of the bundle, whatever path it sees them under.
 */
export async function findForeignConfig(
  api: PrometheusApi,
  bundle: Bundle,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<OperatorError | undefined> {
  const running = await api.runningConfig(timeoutMs, signal);
  if (running === undefined) return undefined;
  const missing = [...bundle.targetFiles.keys()].find((path) => !running.includes(path));
  if (missing === undefined) return undefined;
  return terminal({
    reason: 'ForeignConfiguration',
    message: `Prometheus reloaded a configuration that does not name ${missing}: it reads another file than the one written here.`,
    remedy: `Start Prometheus with --config.file pointing to ${CONFIG_FILE} in the bundle directory.`,
  });
}
