import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatThrown, sentence, terminal, type OperatorError } from '../../errors.ts';
import { makeDirectories } from '../../make-directory.ts';

/** Where the demo keeps its files. */
export interface DemoFiles {
  readonly documents: string;
  readonly config: string;
  readonly data: string;
}

const MARKER = '.made-by-scrapectl-demo';
const EXAMPLES = fileURLToPath(new URL('../../../examples/scrape-targets/', import.meta.url));

/** Long enough to read, short enough to watch. */
const DEMO_INTERVAL = 'interval: 5s';

/** Lays the demo's directory anew; refuses one that holds anything else. */
export async function layFiles(directory: string): Promise<DemoFiles> {
  const entries = await listOrEmpty(directory);
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw terminal({
      reason: 'DirectoryInUse',
      message: 'the directory for the demo holds other files.',
      where: directory,
      remedy: 'Name another one with --dir.',
    });
  }
  const files = {
    documents: join(directory, 'scrape-targets'),
    config: join(directory, 'prometheus'),
    data: join(directory, 'data'),
  };
  try {
    for (const path of Object.values(files)) {
      await rm(path, { recursive: true, force: true });
      await makeDirectories(path);
    }
    await writeFile(join(directory, MARKER), '');
    await copyExamples(files.documents);
  } catch (thrown) {
    throw unusable(directory, thrown);
  }
  return files;
}

function unusable(directory: string, cause: unknown): OperatorError {
  return terminal({
    reason: 'DirectoryUnusable',
    message: `the demo cannot keep its files here: ${sentence(formatThrown(cause))}`,
    where: directory,
    remedy: 'Name another directory with --dir.',
    cause,
  });
}

async function copyExamples(to: string): Promise<void> {
  for (const name of await readdir(EXAMPLES)) {
    const text = await readFile(join(EXAMPLES, name), 'utf8');
    const watched = text
      .replace('interval: 30s', DEMO_INTERVAL)
      .replace('scrapeTimeout: 10s', 'scrapeTimeout: 4s');
    await writeFile(join(to, name), watched);
  }
}

async function listOrEmpty(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw unusable(directory, thrown);
  }
}
