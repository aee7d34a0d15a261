import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url);
const output = new URL('.cache/bench/', root);

/** Compiles the product and the bench: a loader that compiles in the measured process would be measured too. */
export async function build(): Promise<(module: string) => URL> {
  await rm(output, { recursive: true, force: true });
  const compiler = fileURLToPath(new URL('node_modules/.bin/tsc', root));
  const project = fileURLToPath(new URL('tsconfig.json', import.meta.url));
  await promisify(execFile)(compiler, ['-p', project], { cwd: fileURLToPath(root) });
  return (module) => new URL(module.replace(/\.ts$/, '.js'), output);
}
