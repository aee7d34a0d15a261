import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Validation } from './figures.ts';
import { writeDocuments } from './measure-size.ts';
import type { Bench } from './measure-size.ts';
import { scrapectl } from './scrapectl.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const DOCUMENTS = 1000;

export async function measureValidate(bench: Bench): Promise<readonly Validation[]> {
  bench.progress('scrapectl validate');
  const directory = await mkdtemp(join(tmpdir(), 'scrapectl-bench-'));
  try {
    await writeDocuments(directory, { services: DOCUMENTS, tasksPerService: 1 });
    return [await validation(bench, 'examples/', EXAMPLES), await validation(bench, 'generated', directory)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function validation(bench: Bench, subject: string, path: string): Promise<Validation> {
  const { stdout, exitCode, wallMs, cpuMs, peakBytes } = await scrapectl(bench.moduleOf, ['validate', path]);
  const documents = Number(/^(\d+) valid, 0 invalid\b/m.exec(stdout)?.[1]);
  if (exitCode !== 0)
    throw new Error(`scrapectl validate ended with code ${exitCode}: ${stdout.slice(-500)}`);
  return { subject, documents, wallMs, cpuMs, peakBytes };
}
