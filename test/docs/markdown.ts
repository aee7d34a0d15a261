import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every page that a user may read. */
export async function readPages(): Promise<readonly Page[]> {
  const own = (await readdir('.')).filter((name) => name.endsWith('.md'));
  const below = await Promise.all(['docs', 'examples'].map(pagesBelow));
  const paths = [...own, ...below.flat()].toSorted();
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

async function pagesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

/** The words of each command of a program in the shell blocks of a page, without redirections, pipes and comments. */
export function commandsIn({ text }: Page, program: string): readonly (readonly string[])[] {
  const blocks = [...text.matchAll(/^ *```(?:sh|console)\n([^]*?)^ *```/gm)].map(([, block = '']) => block);
  const start = new RegExp(`^(?:\\$ )?(?:npx )?${program} `);
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.trimStart())
    .filter((line) => start.test(line))
    .map((line) => wordsOf(line.replace(start, '')));
}

function wordsOf(line: string): readonly string[] {
  const end = / (?:[|>]|&&|#|2>)/.exec(line)?.index ?? line.length;
  const words = line.slice(0, end).match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replaceAll(/["']/g, ''));
}

/** The YAML blocks of a page. */
export const yamlIn = ({ text }: Page): readonly string[] =>
  [...text.matchAll(/^ *```yaml\n([^]*?)^ *```/gm)].map(([, block = '']) => block);

/** Text between backticks, outside of blocks. */
export function codeIn({ text }: Page): readonly string[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
