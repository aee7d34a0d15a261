import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

const SHORTENED = '...the plan as above...\n\n';

describe('the first steps of the README', function () {
  this.timeout(20_000);
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const home = process.cwd();
  afterEach(() => process.chdir(home));

  it('print what the page shows', async () => {
    const page = await readFile('README.md', 'utf8');
    const steps = page.slice(page.indexOf('## From a document'), page.indexOf('## Three ways'));
    const [document = ''] = blocksIn(steps, 'yaml');
    const commands = blocksIn(steps, 'console').filter((block) => !block.includes('sandbox'));
    assert.equal(commands.length, 4);

    process.chdir(directory());
    await mkdir('targets');
    await writeFile('targets/webapp.yaml', document);
    for (const command of commands) {
      const [line = '', ...shown] = command.split('\n');
      const words = line.replace('$ npx scrapectl ', '').split(' ');
      const endpoint = words[0] === 'validate' ? [] : ['--endpoint-url', sandbox().url];
      const { code, stdout } = await scrapectl([...words, ...endpoint]);
      assert.equal(code, 0, line);
      const [before, rest] = shown.join('\n').split(SHORTENED);
      if (rest === undefined) assert.equal(stdout, before, line);
      else assert.ok(stdout.endsWith(rest), stdout);
    }
  });
});

const blocksIn = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w+)\n([^]*?)^```/gm)].flatMap(([, found, block = '']) =>
    found === language ? [block] : [],
  );
