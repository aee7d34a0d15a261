import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isOperatorError } from '../../controller/errors.ts';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import { DEFAULT_BASE_CONFIG, renderBundle, renderFileSd } from '../../controller/scrape/render.ts';
import type { RenderInput, RenderOutput } from '../../controller/scrape/render.ts';
import { document, observed, scrapeTargets, task } from '../support/scrape-world.ts';

interface Parts {
  readonly documents?: readonly string[];
  readonly base?: string;
  readonly version?: string;
}

function render({ documents = [document()], base, version }: Parts): RenderOutput {
  const targets = scrapeTargets(...documents);
  const discoveries = new Map(
    targets.map((target) => [target.metadata.name, discoverTargets(target, observed())] as const),
  );
  return renderBundle({
    targets,
    discoveries,
    baseConfig: base === undefined ? DEFAULT_BASE_CONFIG : { uri: 'base.yml', text: base },
    ...(version === undefined ? {} : { prometheusVersion: version }),
  });
}

function targetLabels(output: RenderOutput): Readonly<Record<string, string>> {
  const file = output.bundle.targetFiles.get('targets/webapp.metrics.json');
  assert.equal(file?.kind, 'write');
  const groups: { labels: Record<string, string> }[] = JSON.parse(file.text);
  return groups[0]?.labels ?? {};
}

const FALLBACK = document('  fallbackScrapeProtocol: PrometheusText0.0.4');

describe('renderBundle', () => {
  it('leaves out a field that the running Prometheus does not know, and says so', () => {
    const { bundle, problems } = render({ documents: [FALLBACK], version: '2.55.1' });
    assert.doesNotMatch(bundle.config, /fallback_scrape_protocol/);
    assert.deepEqual(problems, [
      {
        target: 'webapp',
        endpoint: 'metrics',
        reason: 'FieldIgnoredForVersion',
        message:
          'fallback_scrape_protocol is left out: it needs Prometheus 3.0 or later, the running one is 2.55.1.',
      },
    ]);
  });

  for (const version of ['3.0.0', 'v3.5.3+ds1', '10.1.0'])
    it(`writes fallback_scrape_protocol for Prometheus ${version}`, () => {
      const { bundle, problems } = render({ documents: [FALLBACK], version });
      assert.match(bundle.config, /fallback_scrape_protocol: PrometheusText0\.0\.4/);
      assert.deepEqual(problems, []);
    });

  for (const version of [undefined, 'unknown'])
    it(`writes only what 2.42 accepts when the version is ${version}`, () => {
      const parts = version === undefined ? {} : { version };
      const { bundle } = render({ documents: [FALLBACK], ...parts });
      assert.doesNotMatch(bundle.config, /fallback_scrape_protocol/);
    });

  it('keeps the target file of a ScrapeTarget that could not be read, and its job', () => {
    const { bundle } = renderBundle({
      targets: scrapeTargets(document()),
      discoveries: new Map(),
      baseConfig: DEFAULT_BASE_CONFIG,
    });
    assert.deepEqual([...bundle.targetFiles], [['targets/webapp.metrics.json', { kind: 'keep' }]]);
    assert.match(bundle.config, /job_name: webapp\/metrics/);
  });

  it('gives the very same target file while targets and timeout are the same, and another one when they are not', () => {
    const targets = scrapeTargets(document());
    const discover = () => new Map([['webapp', discoverTargets(targets[0] ?? assert.fail(), observed())]]);
    const discoveries = discover();
    const fileOf = (parts: Partial<RenderInput>) => {
      const input = { targets, discoveries, baseConfig: DEFAULT_BASE_CONFIG, ...parts };
      return renderBundle(input).bundle.targetFiles.get('targets/webapp.metrics.json');
    };
    const first = fileOf({});
    assert.equal(fileOf({}), first);
    const shorter = { uri: 'base.yml', text: 'global:\n  scrape_interval: 5s\n' };
    for (const other of [
      { discoveries: discover() },
      { untried: new Set(['webapp']) },
      { baseConfig: shorter },
    ])
      assert.notEqual(fileOf(other), first, Object.keys(other).join());
  });

  it('configures anew as soon as a document, the base configuration or the version changes', () => {
    const older = render({ documents: [FALLBACK], version: '2.55.1' });
    const newer = render({ documents: [FALLBACK], version: '3.0.0' });
    const other = render({ documents: [document()], version: '3.0.0' });
    const based = render({ documents: [document()], version: '3.0.0', base: 'global: {}\n' });
    const configs = [older, newer, other, based].map(({ bundle }) => bundle.config);
    assert.equal(new Set(configs.slice(0, 2)).size, 2);
    assert.notEqual(configs[1], configs[2]);
    assert.notEqual(configs[2], configs[3]);
    assert.deepEqual([older.problems.length, newer.problems.length], [1, 0]);
  });

  it('leaves a job out whose name the base configuration has, and names both', () => {
    const base = 'scrape_configs:\n  - job_name: "webapp/metrics"\n';
    const { bundle, problems } = render({ base });
    assert.equal(bundle.config.match(/webapp\/metrics/g)?.length, 1);
    assert.equal(bundle.targetFiles.size, 0);
    assert.deepEqual(
      problems.map(({ reason, message }) => `${reason}: ${message}`),
      ['RenderFailed: The job name "webapp/metrics" is taken by a job of base.yml; rename one of them.'],
    );
  });

  it('changes nothing but the target file when path, interval or timeout change', () => {
    const before = render({});
    const after = render({
      documents: [document('', 'portNumber: 3000\npath: /other\ninterval: 20s\nscrapeTimeout: 3s')],
    });
    assert.equal(before.bundle.config, after.bundle.config);
    assert.notDeepEqual(before.bundle.targetFiles, after.bundle.targetFiles);
  });

  describe('timeouts', () => {
    const timeout = (endpoint: string, base?: string) =>
      render({
        documents: [document('', `portNumber: 3000\n${endpoint}`)],
        ...(base === undefined ? {} : { base }),
      });
    const global = (text: string) => `global: {${text}}\n`;

    it('are left to Prometheus where its own is not above the interval', () => {
      assert.equal('__scrape_timeout__' in targetLabels(timeout('interval: 10s')), false);
      assert.equal('__scrape_timeout__' in targetLabels(timeout('')), false);
    });

    it('are the interval where that is shorter than the global timeout', () => {
      assert.equal(targetLabels(timeout('interval: 5s'))['__scrape_timeout__'], '5s');
      const base = global('scrape_interval: 1m, scrape_timeout: 40s');
      assert.equal(targetLabels(timeout('interval: 30s', base))['__scrape_timeout__'], '30s');
    });

    it('follow the global interval where that is shorter than the default timeout', () => {
      const base = global('scrape_interval: 5s');
      assert.equal('__scrape_timeout__' in targetLabels(timeout('interval: 7s', base)), false);
      assert.equal(targetLabels(timeout('interval: 3s', base))['__scrape_timeout__'], '3s');
    });

    it('are capped, with a problem, where the document asks for more than the global interval', () => {
      const output = timeout('scrapeTimeout: 45s');
      assert.equal(targetLabels(output)['__scrape_timeout__'], '30s');
      assert.deepEqual(
        output.problems.map(({ reason, message }) => [reason, message]),
        [
          [
            'TimeoutExceedsInterval',
            'scrapeTimeout 45s is above the interval 30s of the global section of the built-in base configuration, ' +
              'so 30s is used instead. Set an interval of at least 45s.',
          ],
        ],
      );
    });
  });

  describe('the base configuration', () => {
    const appended = (base: string) => render({ base }).bundle.config;
    const job =
      'scrape_configs:\n  - job_name: webapp/metrics\n    file_sd_configs:\n      - files: [targets/webapp.metrics.json]\n';

    for (const [what, base] of [
      ['is empty', ''],
      ['is a comment', '# nothing yet\n'],
      ['is null', '~\n'],
      ['has an empty list of jobs', 'scrape_configs: []\n'],
      ['has no value for its jobs', 'scrape_configs:\n'],
    ] as const)
      it(`may be one that ${what}`, () => {
        assert.equal(appended(base), job);
      });

    it('may be JSON', () => {
      const base = '{"global": {"scrape_interval": "15s"}, "scrape_configs": [{"job_name": "own"}]}';
      const config = appended(base);
      assert.match(config, /"job_name": "own"/);
      assert.match(config, /job_name: webapp\/metrics/);
    });

    it('keeps every scalar in its style and every anchor', () => {
      const lines = [
        'global:',
        '  external_labels: &labels',
        "    quoted: '123'",
        '    word: yes',
        '    octal: 0777',
        '    nothing: null',
        '    double: "a\\tb"',
        '    literal: |',
        '      a',
        '       b',
        '    date: 2001-01-01',
        '    again: &x 1h',
        '    alias: *x',
        '',
      ].join('\n');
      assert.ok(appended(lines).startsWith(lines));
    });

    const faults: readonly (readonly [string, string, string, RegExp])[] = [
      ['is not YAML', 'global:\n  a: [1,\nb: }\n', 'base.yml:', /not valid YAML/],
      ['has a key twice', 'global: {}\nglobal: {}\n', 'base.yml:2', /duplicated mapping key/],
      ['uses an alias that is not there', 'global: *nowhere\n', 'base.yml:1', /not valid YAML/],
      ['is a list', '- a\n', 'base.yml', /is a mapping/],
      ['holds two documents', 'global: {}\n---\nglobal: {}\n', 'base.yml', /2 YAML documents/],
      ['has text for its jobs', '# x\nscrape_configs: none\n', 'base.yml:2', /must be a list/],
      [
        'has a job without a name',
        'scrape_configs: [{}]\n',
        'base.yml:1',
        /scrape_configs\[0\] has no job_name/,
      ],
      [
        'has one job name twice',
        'scrape_configs: [{job_name: a}, {job_name: "a"}]\n',
        'base.yml:1',
        /Two scrape_configs have the job_name "a"/,
      ],
      [
        'has an interval that is none',
        'rule_files: []\nglobal: {scrape_interval: soon}\n',
        'base.yml:2',
        /"soon" is not a duration/,
      ],
      [
        'has a timeout above its interval',
        'global: {scrape_interval: 5s, scrape_timeout: 10s}\n',
        'base.yml:1',
        /10s is above global\.scrape_interval 5s/,
      ],
      [
        'merges its jobs in',
        'a: &a {scrape_configs: [{job_name: x}]}\n<<: *a\n',
        'base.yml:2',
        /through a merge key/,
      ],
    ];
    for (const [what, base, where, message] of faults)
      it(`is refused with its place when it ${what}`, () => {
        assert.throws(
          () => appended(base),
          (thrown: unknown) => {
            assert.ok(isOperatorError(thrown));
            assert.equal(thrown.family, 'terminal');
            assert.equal(thrown.reason, 'InvalidBaseConfig');
            assert.ok(thrown.where?.startsWith(where), thrown.where);
            assert.match(thrown.message, message);
            return true;
          },
        );
      });
  });

  it('gives the same bytes for the same input in any order', () => {
    const documents = ['a', 'b', 'c'].map((name) =>
      document('', "portNumber: 3000\nparams: {'z[]': [b, a], 'a[]': ['1', '2']}", name),
    );
    const targets = scrapeTargets(...documents);
    const reference = inputOf(targets);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...targets], { minLength: targets.length }),
        fc.shuffledSubarray([...TASKS], { minLength: TASKS.length }),
        (targets, tasks) => {
          assert.deepEqual(renderBundle(inputOf(targets, tasks)).bundle, renderBundle(reference).bundle);
        },
      ),
    );
  });
});

const TASKS = ['t1', 't2', 't3', 't4'].map((id, index) => task(id, { ipv4: `10.0.0.${index + 1}` }));

function inputOf(targets: RenderInput['targets'], tasks = TASKS): RenderInput {
  const { namespaces, services, taskDefinitions, tasks: read } = observed({ tasks });
  const [service] = services.values();
  const [found] = read.values();
  assert.ok(service !== undefined && found !== undefined);
  const keys = targets.map(({ metadata }) => `shop/${metadata.name}`);
  const world = {
    namespaces,
    taskDefinitions,
    services: new Map(keys.map((key) => [key, service])),
    tasks: new Map(keys.map((key) => [key, found])),
  };
  const discoveries = new Map(
    targets.map((target) => [target.metadata.name, discoverTargets(target, world)] as const),
  );
  return { targets, discoveries, baseConfig: DEFAULT_BASE_CONFIG };
}

describe('renderFileSd', () => {
  it('sorts groups and labels and ends with a newline', () => {
    const text = renderFileSd([
      { targets: ['10.0.0.2:1'], labels: { b: '2', a: '1' } },
      { targets: ['10.0.0.1:1'], labels: {} },
    ]);
    assert.equal(
      text,
      '[\n  {\n    "targets": [\n      "10.0.0.1:1"\n    ],\n    "labels": {}\n  },\n' +
        '  {\n    "targets": [\n      "10.0.0.2:1"\n    ],\n    "labels": {\n      "a": "1",\n      "b": "2"\n    }\n  }\n]\n',
    );
  });

  it('writes an empty list for no targets, which Prometheus believes', () => {
    assert.equal(renderFileSd([]), '[]\n');
  });
});
