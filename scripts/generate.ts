import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import schema from '../schemas/scrapetarget.v1alpha1.schema.json' with { type: 'json' };
import { generatedFiles } from './generate/files.ts';

const root = new URL('../', import.meta.url);

for (const [path, text] of await generatedFiles(schema)) {
  const file = fileURLToPath(new URL(path, root));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
