import assert from 'node:assert/strict';
import { environmentVariable } from '../../controller/cli/options.ts';
import { VERBS } from '../../controller/cli/verbs/index.ts';
import { scrapectl } from '../support/scrapectl.ts';

/** As the house rules state them; the codes of a verb that is not in the table are up to its help. */
const EXIT_CODES: Readonly<Record<string, readonly number[]>> = {
  validate: [0, 1, 2],
  plan: [0, 1, 2],
  apply: [0, 1, 3],
  run: [0, 1],
  render: [0, 1],
  publish: [0, 1, 2],
  demo: [0, 1],
  sandbox: [0, 1],
};

describe('the help of scrapectl', () => {
  it('lists every verb with what it does', async () => {
    const { code, stdout } = await scrapectl(['--help']);
    assert.equal(code, 0);
    for (const { name, summary } of VERBS) {
      assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
      assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(summary), name);
    }
  });

  it('goes to standard error, with exit code 2, where no verb was given', async () => {
    const { code, stdout, stderr } = await scrapectl([]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^Usage: scrapectl VERB/m);
  });

  it('names the verbs that there are when one is unknown', async () => {
    const { code, stdout, stderr } = await scrapectl(['aply']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /there is no verb "aply"\. The verbs are validate, plan, apply/);
  });

  it('prints the version of the package', async () => {
    const { code, stdout } = await scrapectl(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^scrapectl \d+\.\d+\.\d+\n$/);
  });

  for (const { name, load } of VERBS) {
    it(`says for ${name} every option with its variable, and every exit code`, async () => {
      const verb = await load();
      const { code, stdout, stderr } = await scrapectl([verb.name, '--help']);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      const words = stdout.replaceAll(/\s+/g, ' ');
      for (const option of verb.options) {
        assert.match(stdout, new RegExp(`^  (-\\w, )?--${option}\\b`, 'm'));
        assert.ok(words.includes(`[${environmentVariable(option)}]`), option);
      }
      for (const [exitCode, meaning] of verb.exitCodes) assert.ok(words.includes(`${exitCode} ${meaning}`));
      assert.deepEqual(
        stdout.split('\n').filter((line) => line.length > 100 && !line.startsWith('  scrapectl ')),
        [],
      );
    });

    it(`documents for ${name} the exit codes that scripts rely on`, async () => {
      const codes = (await load()).exitCodes.map(([code]) => code);
      assert.deepEqual(codes, EXIT_CODES[name] ?? codes);
    });

    it(`ends ${name} with the code of a wrong command line when an option is unknown`, async () => {
      const verb = await load();
      const { code, stdout, stderr } = await scrapectl([verb.name, '--no-such-thing']);
      assert.equal(code, verb.usageExitCode);
      assert.equal(stdout, '');
      assert.equal(
        stderr,
        `scrapectl ${verb.name}: Unknown option '--no-such-thing'. See scrapectl ${verb.name} --help.\n`,
      );
    });
  }

  it('names for -o what the verb can print, and refuses the rest', async () => {
    const words = async (verb: string): Promise<string> =>
      (await scrapectl([verb, '--help'])).stdout.replaceAll(/\s+/g, ' ');
    assert.match(await words('plan'), /form of the output: text, json, yaml, markdown \(default: text\)/);
    assert.match(await words('get'), /form of the output: text, wide, json, yaml \(/);
    for (const verb of ['apply', 'render', 'validate', 'import']) {
      assert.match(await words(verb), /form of the output: text, json, yaml \(/);
      const { stdout, stderr } = await scrapectl([verb, '-o', 'markdown']);
      assert.equal(stdout, '');
      assert.match(stderr, /--output is "markdown", but must be one of text, json, yaml\./);
    }
  });

  it('is the same for "help VERB" and "VERB --help"', async () => {
    const [one, other] = await Promise.all([scrapectl(['help', 'plan']), scrapectl(['plan', '-h'])]);
    assert.deepEqual(one, other);
  });

  it('refuses arguments that a verb does not take, and says where documents are named', async () => {
    const { code, stderr } = await scrapectl(['plan', 'targets/']);
    assert.equal(code, 1);
    assert.match(stderr, /"targets\/" is not an option.*--source/);
  });
});
