import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { parseCommand } from '../../controller/cli/options.ts';
import { VERBS } from '../../controller/cli/verbs/index.ts';
import { formatPlanMarkdown } from '../../controller/plan/plan-markdown.ts';

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}

async function workflow(): Promise<Fields> {
  return fields(load(await readFile('examples/github-actions/scrapectl.yaml', 'utf8')));
}

async function jobs(): Promise<ReadonlyMap<string, Fields>> {
  const found = fields((await workflow())['jobs']);
  return new Map(Object.entries(found).map(([name, job]) => [name, fields(job)]));
}

function stepsOf(job: Fields | undefined): readonly Fields[] {
  const steps: unknown = job?.['steps'];
  assert.ok(Array.isArray(steps));
  return steps.map(fields);
}

const scriptOf = ({ run }: Fields): string => (typeof run === 'string' ? run : '');

/** The words of each scrapectl command of a shell script, without redirections. */
function commandsOf(script: string): readonly (readonly string[])[] {
  return script
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^\s*scrapectl /.test(line))
    .map((line) => line.replace(/\s[>|].*$/, ''))
    .map((line) => (line.match(/"[^"]*"|\S+/g) ?? []).slice(1).map((word) => word.replaceAll('"', '')));
}

describe('the example workflow for GitHub Actions', () => {
  it('uses only verbs and options of scrapectl that exist', async () => {
    const commands = [...(await jobs()).values()]
      .flatMap(stepsOf)
      .flatMap((step) => commandsOf(scriptOf(step)));
    const used = commands.map(([verb]) => verb);
    assert.deepEqual(new Set(used), new Set(['validate', 'plan', 'publish']));
    for (const [name, ...args] of commands) {
      const verb = await VERBS.find((entry) => entry.name === name)?.load();
      assert.ok(verb, `there is no verb ${name}`);
      const { positionals } = parseCommand(args, verb.options, {});
      assert.ok(positionals.length === 0 || verb.positionals === true, `${name} takes no arguments`);
    }
  });

  it('validates and plans on a pull request, and publishes only what is merged', async () => {
    const { on } = await workflow();
    assert.deepEqual(Object.keys(fields(on)), ['pull_request', 'push']);
    const all = await jobs();
    const verbsIn = (job: string) =>
      stepsOf(all.get(job)).flatMap((step) => commandsOf(scriptOf(step)).map((words) => words.join(' ')));
    assert.match(verbsIn('validate').join('\n'), /^validate \$DOCUMENTS$/);
    assert.ok(verbsIn('plan').every((words) => words.startsWith('plan ') || words.includes('--dry-run')));
    assert.match(
      String(all.get('publish')?.['if']),
      /event_name == 'push' && github\.ref == 'refs\/heads\/main'/,
    );
    assert.deepEqual([all.get('plan')?.['needs'], all.get('publish')?.['needs']], ['validate', 'validate']);
  });

  it('keeps one comment, found by the marker that a plan begins with', async () => {
    const empty = { changes: [], drift: [], blocked: [], rollouts: [] };
    const [marker = ''] = formatPlanMarkdown({ plan: empty, files: [] }).split('\n');
    const comment = stepsOf((await jobs()).get('plan')).find(({ name }) => name === 'Comment');
    assert.ok(comment);
    assert.ok(scriptOf(comment).includes(`marker='${marker}'`));
    assert.match(scriptOf(comment), /--method PATCH/);
    assert.match(scriptOf(comment), /--method POST/);
  });

  it('gets its permissions from AWS by OpenID Connect, and holds no keys', async () => {
    const text = await readFile('examples/github-actions/scrapectl.yaml', 'utf8');
    assert.doesNotMatch(text, /secrets\.|AWS_SECRET_ACCESS_KEY|aws-secret-access-key/);
    for (const name of ['plan', 'publish']) {
      const job = (await jobs()).get(name);
      assert.equal(fields(job?.['permissions'])['id-token'], 'write');
      assert.ok(
        stepsOf(job).some(({ uses }) => String(uses).startsWith('aws-actions/configure-aws-credentials@')),
      );
    }
    assert.deepEqual((await workflow())['permissions'], {});
  });

  it('puts no text of a pull request into a script, where it would be run', async () => {
    for (const step of [...(await jobs()).values()].flatMap(stepsOf))
      assert.doesNotMatch(scriptOf(step), /\$\{\{/);
  });
});
