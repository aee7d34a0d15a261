import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CONFIG_FILE } from '../state/targets.ts';
import { readIfExists, removeFile, replaceFile, syncDirectory } from './files.ts';

/**
 * What Prometheus is known to run, kept in two files beside the bundle so that it outlives a restart
 * of the controller: the last configuration that it confirmed, and the digest of that one. The digest
 * is missing or differs from the configuration on disk exactly while a reload is owed.
 */
export interface Confirmation {
  /** Keeps the configuration that was there before ours as the one to go back to. */
  rememberBefore(config: string | undefined): Promise<void>;
  isConfirmed(config: string): Promise<boolean>;
  confirm(config: string): Promise<void>;
  /** Says that nothing is known about what Prometheus runs. */
  revoke(): Promise<void>;
  lastGood(): Promise<string | undefined>;
}

export function openConfirmation(directory: string): Confirmation {
  const lastGood = join(directory, `.${CONFIG_FILE}.last-good`);
  const marker = join(directory, `.${CONFIG_FILE}.confirmed`);
  return {
    async rememberBefore(config) {
      if (config !== undefined && (await readIfExists(lastGood)) === undefined)
        await replaceFile(lastGood, config);
    },
    isConfirmed: async (config) => (await readIfExists(marker)) === digestLine(config),
    async confirm(config) {
      await replaceFile(lastGood, config);
      await replaceFile(marker, digestLine(config));
      await syncDirectory(directory);
    },
    async revoke() {
      await removeFile(marker);
      await syncDirectory(directory);
    },
    lastGood: () => readIfExists(lastGood),
  };
}

function digestLine(config: string): string {
  return `sha256:${createHash('sha256').update(config).digest('hex')}\n`;
}
