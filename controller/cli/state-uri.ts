import { join } from 'node:path';
import type { Options } from './options.ts';

const STATE_DIRECTORY = '.scrapectl/';

/**
 * Where the controller stores what others may read: `--state`, or beside the first source. Undefined where it is
 * switched off, or where nothing says where it might be.
 */
export function stateUri(options: Options): string | undefined {
  const named = options.string('state');
  if (named === 'off') return undefined;
  if (named !== undefined) return named;
  const [source] = options.list('source');
  if (source?.startsWith('s3://') === true) return s3State(source);
  if (source?.startsWith('ssm://') === true) return ssmState(source);
  const configDir = options.string('config-dir');
  return configDir === undefined ? undefined : join(configDir, STATE_DIRECTORY);
}

/** Below the documents, where one policy covers both. A single document shares the place of its neighbours. */
function s3State(source: string): string {
  const place = /\.(?:ya?ml|json)$/.test(source) ? source.slice(0, source.lastIndexOf('/')) : source;
  return `${place.replace(/\/+$/, '')}/${STATE_DIRECTORY}`;
}

/** Beside the documents: every parameter below their path is one. */
function ssmState(source: string): string | undefined {
  const path = source.replace(/\/+$/, '');
  return path === 'ssm:' || path === 'ssm://' ? undefined : `${path}${STATE_DIRECTORY}`;
}
