import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocuments } from '../../controller/api/parse.ts';
import { OPTIONS } from '../../controller/cli/option-table.ts';
import type { OptionName } from '../../controller/cli/option-table.ts';
import { environmentVariable, parseCommand } from '../../controller/cli/options.ts';
import { VERBS } from '../../controller/cli/verbs/index.ts';
import { fields, readTemplate } from '../deploy/template.ts';
import { codeIn, commandsIn, readPages, yamlIn } from './markdown.ts';
import type { Page } from './markdown.ts';

const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** Flags of Prometheus, of our scripts and of every verb, which the pages name without their program. */
const FOREIGN = new Set([
  'config.file',
  'cpu-prof',
  'help',
  'json',
  'max-old-space-size',
  'max-semi-space-size',
  'node-option',
  'passes',
  'size',
  'version',
  'web.enable-lifecycle',
]);

async function faultOf([name = '', ...args]: readonly string[]): Promise<string | undefined> {
  if (name.startsWith('-') || args.includes('--help')) return undefined;
  const verb = await VERBS.find((entry) => entry.name === name)?.load();
  if (verb === undefined) return `there is no verb ${name}`;
  const choices = verb.outputs === undefined ? {} : { output: verb.outputs };
  try {
    const { positionals } = parseCommand(args, verb.options, {}, choices);
    return positionals.length > 0 && verb.positionals !== true ? `${name} takes no arguments` : undefined;
  } catch (thrown) {
    return String(thrown);
  }
}

describe('the documentation', function () {
  this.timeout(20_000);
  let pages: readonly Page[];
  before(async () => {
    pages = await readPages();
  });

  it('shows only commands that scrapectl understands', async () => {
    const commands = pages.flatMap((page) =>
      commandsIn(page, 'scrapectl').map((words) => ({ path: page.path, words })),
    );
    assert.ok(commands.length >= 10, `${commands.length} commands`);
    assert.match(String(await faultOf(['plan', '--sauce', 'x'])), /--sauce/);
    for (const { path, words } of commands)
      assert.equal(await faultOf(words), undefined, `${path}: scrapectl ${words.join(' ')}`);
  });

  it('shows only documents that are valid', () => {
    const documents = pages.flatMap((page) =>
      yamlIn(page)
        .filter((text) => /^kind: ScrapeTarget$/m.test(text) && /^spec:/m.test(text))
        .map((text) => ({ file: page.path, text })),
    );
    assert.ok(documents.length > 2, `${documents.length} documents`);
    for (const document of documents) assert.deepEqual(parseDocuments([document]).errors, [], document.text);
  });

  it('names only flags that there are', () => {
    const known = new Set<string>([...OPTION_NAMES, ...FOREIGN]);
    for (const page of pages)
      for (const code of codeIn(page).filter((text) => /^(--|scrapectl )/.test(text)))
        for (const [, flag = ''] of code.matchAll(/(?<![\w-])--([a-z][a-z.-]*[a-z])/g))
          assert.ok(known.has(flag), `${page.path}: --${flag}`);
  });

  it('names only variables that there are', () => {
    const known = new Set(OPTION_NAMES.map(environmentVariable));
    for (const { path, text } of pages)
      for (const [variable] of text.matchAll(/SCRAPECTL_[A-Z_]*[A-Z]/g))
        assert.ok(known.has(variable), `${path}: ${variable}`);
  });

  it('gives the templates only parameters that they have, and every one that has no default', async () => {
    const deployments = pages.flatMap((page) =>
      commandsIn(page, 'aws')
        .filter(([, verb]) => verb === 'deploy')
        .map((words) => ({ path: page.path, words })),
    );
    assert.ok(deployments.length > 0);
    for (const { path, words } of deployments) {
      const file = words[words.indexOf('--template-file') + 1] ?? '';
      const parameters = fields((await readTemplate(file.split('/').at(-1) ?? ''))['Parameters']);
      const pairs = words
        .slice(words.indexOf('--parameter-overrides') + 1)
        .filter((word) => /^\w+=/.test(word));
      const given = pairs.map((pair) => pair.split('=')[0] ?? '');
      for (const name of given) assert.ok(name in parameters, `${path}: ${file} has no parameter ${name}`);
      const wanted = Object.keys(parameters).filter((name) => !('Default' in fields(parameters[name])));
      assert.deepEqual(
        wanted.filter((name) => !given.includes(name)),
        [],
        `${path}: ${file}`,
      );
    }
  });

  it('links only to files and headings that are there', async () => {
    const byPath = new Map(pages.map((page) => [page.path, page]));
    for (const { path, text } of pages)
      for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [file = '', heading] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        await access(target).catch(() => assert.fail(`${path}: ${link}`));
        const page = byPath.get(target);
        if (heading !== undefined && page !== undefined)
          assert.ok(headingsOf(page).includes(heading), `${path}: ${link}`);
      }
  });
});

/** As GitHub makes anchors of headings. */
function headingsOf({ text }: Page): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
