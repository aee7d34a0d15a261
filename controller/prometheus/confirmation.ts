import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readIfExists, removeFile, replaceFile, syncDirectory } from './files.ts';

/**
 * What Prometheus is known to run, kept in two files beside the bundle so that it outlives a restart
 * of the controller: the last configuration that it confirmed, and the digest of that one. The digest
 * is missing exactly while a reload is owed.
 */
export interface Confirmation {
  /** Keeps the configuration that was there before the first of ours as the one to go back to. */
  rememberBefore(config: string | undefined): Promise<void>;
  isConfirmed(config: string): Promise<boolean>;
  confirm(config: string): Promise<void>;
  /** Says that nothing is known about what Prometheus runs. Comes before anything that may change it. */
  revoke(): Promise<void>;
  lastGood(): Promise<string | undefined>;
  /** For a bundle that nobody is asked to confirm: what is known of the one before is of no use any more. */
  forget(): Promise<void>;
}

/** There was no configuration before ours: an unconfirmed first one of ours is none to go back to. */
const NONE = '';

export function openConfirmation(directory: string, configFile: string): Confirmation {
  const lastGood = join(directory, `.${configFile}.last-good`);
  const marker = join(directory, `.${configFile}.confirmed`);
  const revoke = async () => {
    if ((await readIfExists(marker)) === undefined) return;
    await removeFile(marker);
    await syncDirectory(directory);
  };
  return {
    revoke,
    async rememberBefore(config) {
      if ((await readIfExists(lastGood)) === undefined) await replaceFile(lastGood, config ?? NONE);
    },
    isConfirmed: async (config) => (await readIfExists(marker)) === digestLine(config),
    async confirm(config) {
      if ((await readIfExists(lastGood)) !== config) await replaceFile(lastGood, config);
      await replaceFile(marker, digestLine(config));
      await syncDirectory(directory);
    },
    async lastGood() {
      const text = await readIfExists(lastGood);
      return text === NONE ? undefined : text;
    },
    async forget() {
      await revoke();
      await removeFile(lastGood);
    },
  };
}

function digestLine(config: string): string {
  return `sha256:${createHash('sha256').update(config).digest('hex')}\n`;
}
