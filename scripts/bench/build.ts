import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export interface Build {
  /** The compiled form of a module, given by its path in the repository. */
  readonly moduleOf: (module: string) => URL;
  readonly remove: () => Promise<void>;
}

/** Compiles the product and the bench: a loader that compiles in the measured process would be measured too. */
export async function build(): Promise<Build> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  // Below the repository, where the compiled modules find their dependencies.
  await mkdir(join(root, '.cache'), { recursive: true });
  const output = await mkdtemp(join(root, '.cache', 'bench-'));
  const project = fileURLToPath(new URL('tsconfig.json', import.meta.url));
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  await promisify(execFile)(compiler, ['--project', project, '--outDir', output], { cwd: root });
  return {
    moduleOf: (module) => pathToFileURL(join(output, module.replace(/\.ts$/, '.js'))),
    remove: () => rm(output, { recursive: true, force: true }),
  };
}
