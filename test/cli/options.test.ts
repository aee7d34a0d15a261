import assert from 'node:assert/strict';
import { OPTIONS, type OptionName } from '../../controller/cli/option-table.ts';
import { environmentVariable, parseCommand } from '../../controller/cli/options.ts';
import { VERBS } from '../../controller/cli/verbs/index.ts';

const ALL = Object.keys(OPTIONS).filter((name): name is OptionName => name in OPTIONS);

const parse = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  parseCommand(args, ALL, env).options;

const refusal = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
  try {
    parse(args, env);
  } catch (thrown) {
    assert.ok(thrown instanceof Error && 'reason' in thrown && thrown.reason === 'Usage');
    return thrown.message;
  }
  return assert.fail('the command line was accepted');
};

describe('options', () => {
  it('come from the flag before the environment, and from there before the default', () => {
    const env = { SCRAPECTL_OWNER: 'from-environment', SCRAPECTL_INTERVAL: '45s' };
    const options = parse(['--owner', 'from-flag'], env);
    assert.equal(options.string('owner'), 'from-flag');
    assert.equal(options.duration('interval'), 45_000);
    assert.equal(options.duration('poll-interval'), 5_000);
  });

  it('are absent where nobody gave them and they have no default', () => {
    const options = parse([]);
    assert.equal(options.string('config-dir'), undefined);
    assert.equal(options.integer('port'), undefined);
    assert.deepEqual(options.list('source'), []);
    assert.equal(options.flag('yes'), false);
  });

  it('take a variable that is set to nothing as one that is not set', () => {
    assert.equal(parse([], { SCRAPECTL_OWNER: '' }).string('owner'), 'default');
  });

  it('understand the variables of the AWS sample, after their own', () => {
    const env = {
      CONFIG_FILE_DIR: '/etc/config',
      CONFIG_RELOAD_FREQUENCY: '45',
      PROMETHEUS_CONFIG_PARAMETER_NAME: 'ECS-Prometheus-Configuration',
      DISCOVERY_NAMESPACES_PARAMETER_NAME: ' ECS-ServiceDiscovery-Namespaces ',
    };
    const sample = parse([], env);
    assert.equal(sample.string('config-dir'), '/etc/config');
    assert.equal(sample.string('config-file'), 'prometheus.yaml');
    assert.equal(parse([], { SCRAPECTL_CONFIG_DIR: '/own' }).string('config-file'), 'prometheus.yml');
    assert.equal(sample.duration('interval'), 45_000);
    assert.equal(sample.string('base-config'), 'ssm://ECS-Prometheus-Configuration');
    assert.equal(sample.string('discover-namespaces-parameter'), 'ECS-ServiceDiscovery-Namespaces');
    assert.equal(
      parse([], { SERVICE_DISCOVERY_MODE: 'HTTP_BASED' }).string('targets-listen'),
      '0.0.0.0:9001',
    );
    assert.equal(parse([], { SERVICE_DISCOVERY_MODE: 'FILE_BASED' }).string('targets-listen'), 'off');
    assert.equal(parse([], { ...env, SCRAPECTL_CONFIG_DIR: '/own' }).string('config-dir'), '/own');
    assert.equal(parse(['--config-dir', '/flag'], env).string('config-dir'), '/flag');
    assert.match(refusal([], { CONFIG_RELOAD_FREQUENCY: 'often' }), /^CONFIG_RELOAD_FREQUENCY is "often"/);
  });

  it('are lists where they may be repeated, in the environment with commas', () => {
    assert.deepEqual(parse(['--source', 'a', '--source', 'b,c']).list('source'), ['a', 'b,c']);
    assert.deepEqual(parse([], { SCRAPECTL_SOURCE: 'a, s3://b/c/ ,,d' }).list('source'), [
      'a',
      's3://b/c/',
      'd',
    ]);
  });

  it('replace the list of the environment, and do not add to it', () => {
    assert.deepEqual(parse(['--source', 'a'], { SCRAPECTL_SOURCE: 'b' }).list('source'), ['a']);
  });

  it('can be switched on and off in the environment', () => {
    for (const [text, meaning] of [
      ['1', true],
      ['true', true],
      ['0', false],
      ['false', false],
    ] as const) {
      assert.equal(parse([], { SCRAPECTL_DRY_RUN: text }).flag('dry-run'), meaning);
    }
  });

  it('have short forms where they are typed often', () => {
    assert.equal(parse(['-o', 'json', '-y']).string('output'), 'json');
    assert.equal(parse(['-y']).flag('yes'), true);
  });

  for (const [args, env, message] of [
    [['--output', 'xml'], {}, '--output is "xml", but must be one of text, json, yaml, markdown.'],
    [
      [],
      { SCRAPECTL_OUTPUT: 'xml' },
      'SCRAPECTL_OUTPUT is "xml", but must be one of text, json, yaml, markdown.',
    ],
    [['--interval', '30'], {}, '--interval is "30", but must be a duration such as 30s or 5m.'],
    [['--max-rollouts', '0'], {}, '--max-rollouts is "0", but must be a whole number from 1.'],
    [['--max-rollouts', '1.5'], {}, '--max-rollouts is "1.5", but must be a whole number from 1.'],
    [['--port', '65536'], {}, '--port is "65536", but must be a whole number from 0 to 65535.'],
    [[], { SCRAPECTL_DRY_RUN: 'yes' }, 'SCRAPECTL_DRY_RUN is "yes", but must be true or false.'],
    [['--source', ''], {}, '--source is empty, but must have a value.'],
    [['--owner='], {}, '--owner is empty, but must have a value.'],
    [['--sorce', 'x'], {}, "Unknown option '--sorce'."],
    [['--source'], {}, "Option '--source <value>' argument missing."],
    [['--yes=no'], {}, "Option '-y, --yes' does not take an argument."],
  ] as const) {
    it(`refuse ${args.join(' ')}${JSON.stringify(env)} in words that name it`, () => {
      assert.equal(refusal(args, env), message);
    });
  }

  it('are not checked when only help is asked for', () => {
    assert.equal(parseCommand(['--output', 'xml', '--help'], ALL, {}).help, true);
  });

  it('are each used by some verb', async () => {
    const verbs = await Promise.all(VERBS.map(({ load }) => load()));
    const used = new Set<string>(verbs.flatMap(({ options }) => options));
    assert.deepEqual(
      ALL.filter((name) => !used.has(name)),
      [],
    );
  });

  it('have variables that are named after them', () => {
    assert.equal(environmentVariable('base-config-env'), 'SCRAPECTL_BASE_CONFIG_ENV');
  });
});
