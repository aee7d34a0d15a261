import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { LIMITS } from '../../controller/api/limits.ts';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { DocumentFile, ParseResult, ScrapeTarget } from '../../controller/api/types.ts';

const file = (text: string, name = 'targets.yaml'): DocumentFile => ({ file: name, text });

const parse = (text: string): ParseResult => parseDocuments([file(text)]);

function documentOf(name: string, more: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'monitoring.ecs/v1alpha1',
    kind: 'ScrapeTarget',
    metadata: { name },
    spec: {
      serviceRef: { cluster: 'main', service: name },
      registry: { namespace: 'ecs-services' },
      endpoints: [{ name: 'metrics', portNumber: 3000 }],
      ...more,
    },
  };
}

const yamlOf = (name: string, more: object = {}): string => dump(documentOf(name, more));

const everyField = readFileSync(new URL('documents/every-field.good.yaml', import.meta.url), 'utf8');

const names = (result: ParseResult): string[] => result.targets.map((target) => target.metadata.name);

function only(result: ParseResult): ScrapeTarget {
  assert.deepEqual(result.errors, []);
  assert.equal(result.targets.length, 1);
  return result.targets[0]!;
}

describe('parseDocuments', () => {
  describe('an accepted document', () => {
    it('has every default applied', () => {
      const { spec } = only(parse(yamlOf('webapp')));
      assert.deepEqual(spec, {
        serviceRef: { cluster: 'main', service: 'webapp' },
        registry: {
          namespace: 'ecs-services',
          name: 'webapp',
          dnsRecord: { type: 'A', ttl: 10 },
          routingPolicy: 'MULTIVALUE',
          adopt: false,
        },
        endpoints: [
          {
            name: 'metrics',
            port: { kind: 'number', number: 3000 },
            path: '/metrics',
            scheme: 'http',
            params: {},
            honorLabels: false,
            honorTimestamps: true,
            filterRunning: true,
            relabelings: [],
            metricRelabelings: [],
          },
        ],
        targetLabels: [],
        labels: {},
        limits: {},
        bindingPolicy: 'Ensure',
        deletionPolicy: 'Retain',
        suspend: false,
      });
    });

    it('keeps every field that was written', () => {
      const { spec, metadata } = only(parse(everyField));
      assert.deepEqual(metadata.labels, { team: 'storefront' });
      assert.deepEqual(spec.registry, {
        namespace: 'ecs-services',
        name: 'web_app.prod',
        description: 'The web application',
        dnsRecord: { type: 'SRV', ttl: 60 },
        routingPolicy: 'WEIGHTED',
        containerName: 'app',
        containerPort: 8443,
        adopt: true,
      });
      assert.deepEqual(spec.endpoints[0]?.authorization, {
        type: 'Token',
        credentialsFile: '/etc/prometheus/secrets/web/token',
      });
      assert.deepEqual(spec.endpoints[0]?.params, { format: ['prometheus'], include: ['a', 'b'] });
      assert.deepEqual(spec.limits, {
        sampleLimit: 10000,
        targetLimit: 0,
        labelLimit: 64,
        labelNameLengthLimit: 200,
        labelValueLengthLimit: 500,
        bodySizeLimit: '1.5GiB',
      });
      assert.equal(spec.jobLabel, 'app');
      assert.equal(spec.fallbackScrapeProtocol, 'PrometheusText0.0.4');
      assert.deepEqual([spec.bindingPolicy, spec.deletionPolicy, spec.suspend], ['Observe', 'Delete', true]);
    });

    it('means the same with aliases as with canonical names', () => {
      const aliases = only(
        parse(
          yamlOf('webapp', {
            registry: {
              namespace: 'ecs-services',
              dnsRecord: { type: 'SRV', containerName: 'app', containerPort: 3000 },
            },
            endpoints: [
              { name: 'a', targetPort: 'http', metricsPath: '/m', scrapeInterval: '1m', scheme: 'HTTPS' },
              { name: 'b', targetPort: 3000, relabelings: [{ action: 'LabelDrop', regex: 'a' }] },
            ],
          }),
        ),
      );
      const canonical = only(
        parse(
          yamlOf('webapp', {
            registry: {
              namespace: 'ecs-services',
              dnsRecord: { type: 'SRV' },
              containerName: 'app',
              containerPort: 3000,
            },
            endpoints: [
              { name: 'a', port: 'http', path: '/m', interval: '1m', scheme: 'https' },
              { name: 'b', portNumber: 3000, relabelings: [{ action: 'labeldrop', regex: 'a' }] },
            ],
          }),
        ),
      );
      assert.deepEqual(aliases.spec, canonical.spec);
      assert.equal(aliases.specHash, canonical.specHash);
    });

    it('names the service by its name also where an ARN was written', () => {
      const service = 'arn:aws:ecs:eu-west-1:123456789012:service/main/WebApp';
      const { spec } = only(parse(yamlOf('webapp', { serviceRef: { cluster: 'main', service } })));
      assert.deepEqual(spec.serviceRef, { cluster: 'main', service: 'WebApp' });
    });

    it('knows its file, document, line and revision', () => {
      const text = `# first\n---\n${yamlOf('one')}---\n\n# second\n${yamlOf('two')}`;
      const { targets } = parseDocuments([{ file: 's3://bucket/a.yaml', text, revision: 'etag' }]);
      const lines = text.split('\n');
      assert.deepEqual(
        targets.map(({ origin }) => origin),
        [0, 1].map((documentIndex) => ({
          file: 's3://bucket/a.yaml',
          documentIndex,
          line:
            (documentIndex === 0
              ? lines.indexOf('apiVersion: monitoring.ecs/v1alpha1')
              : lines.lastIndexOf('apiVersion: monitoring.ecs/v1alpha1')) + 1,
          revision: 'etag',
        })),
      );
    });

    it('is hashed by its spec alone', () => {
      const one = only(parse(yamlOf('webapp')));
      const same = only(parse(`# comment\n${yamlOf('webapp', { suspend: false, labels: {} })}`));
      const other = only(parse(yamlOf('webapp', { suspend: true })));
      assert.equal(one.specHash, same.specHash);
      assert.notEqual(one.specHash, other.specHash);
      assert.match(one.specHash, /^[0-9a-f]{64}$/);
    });
  });

  describe('one bad apple', () => {
    it('a document with an error stops none of the others, in its file or elsewhere', () => {
      const text = [yamlOf('one'), yamlOf('two', { nonsense: 1 }), yamlOf('three')].join('---\n');
      const result = parseDocuments([file(text, 'a.yaml'), file(yamlOf('four'), 'b.yaml')]);
      assert.deepEqual(names(result), ['one', 'three', 'four']);
      assert.deepEqual(
        result.errors.map(({ name, documentIndex, path }) => [name, documentIndex, path]),
        [['two', 1, 'spec.nonsense']],
      );
    });

    it('a syntax error spoils only its own document', () => {
      const result = parse([yamlOf('one'), 'kind: "ScrapeTarget\n', yamlOf('three')].join('---\n'));
      assert.deepEqual(names(result), ['one', 'three']);
      assert.deepEqual(
        result.errors.map(({ documentIndex, reason }) => [documentIndex, reason]),
        [[1, 'InvalidYAML']],
      );
    });

    it('a file that is not UTF-8 is refused whole, and only that file', () => {
      const text = new TextDecoder().decode(Uint8Array.from([0x61, 0x3a, 0x20, 0xff]));
      const result = parseDocuments([file(text, 'a.yaml'), file(yamlOf('one'), 'b.yaml')]);
      assert.deepEqual(names(result), ['one']);
      assert.match(result.errors[0]?.message ?? '', /Save it as UTF-8/);
    });

    it('an error in a name gives no name, so that it cannot pass for the removal of the target', () => {
      const [error] = parse(yamlOf('webapp').replace('name: webapp', 'name: WebApp')).errors;
      assert.equal(error?.path, 'metadata.name');
      assert.equal(error?.name, undefined);
    });

    it('at most 20 errors are told of one document, and the rest is counted', () => {
      const nonsense = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field${index}`, 1]));
      const { errors } = parse(yamlOf('webapp', nonsense));
      assert.equal(errors.length, LIMITS.errorsPerDocument + 1);
      assert.equal(errors.at(-1)?.message, '10 more errors in this document are not shown.');
    });
  });

  describe('claims of several documents', () => {
    it('the first file keeps the name, and the second is told where the first is', () => {
      const files = [file(yamlOf('webapp'), 'a.yaml'), file(`\n\n${yamlOf('webapp')}`, 'b.yaml')];
      const result = parseDocuments(files);
      assert.deepEqual(
        result.targets.map(({ origin }) => origin.file),
        ['a.yaml'],
      );
      assert.deepEqual(
        result.errors.map(({ file, reason }) => [file, reason]),
        [['b.yaml', 'DuplicateName']],
      );
      assert.match(result.errors[0]?.message ?? '', /\(a\.yaml line 1\)/);
      const turned = parseDocuments(files.toReversed());
      assert.deepEqual(
        turned.targets.map(({ origin }) => origin.file),
        ['b.yaml'],
      );
      assert.match(turned.errors[0]?.message ?? '', /\(b\.yaml line 3\)/);
    });

    it('a document with errors keeps its name: its last good version may be in force', () => {
      const result = parseDocuments([
        file(yamlOf('webapp', { nonsense: 1 }), 'a.yaml'),
        file(yamlOf('webapp'), 'b.yaml'),
      ]);
      assert.deepEqual(result.targets, []);
      assert.deepEqual(
        result.errors.map(({ reason }) => reason),
        ['UnknownField', 'DuplicateName'],
      );
    });

    it('a copy of a document is told about its name only', () => {
      const { errors } = parse(`${yamlOf('webapp')}---\n${yamlOf('webapp')}`);
      assert.deepEqual(
        errors.map(({ reason }) => reason),
        ['DuplicateName'],
      );
    });

    it('a copy claims nothing for itself', () => {
      const copy = yamlOf('webapp', { serviceRef: { cluster: 'main', service: 'other' } });
      const result = parse([yamlOf('webapp'), copy, yamlOf('other')].join('---\n'));
      assert.deepEqual(names(result), ['webapp', 'other']);
    });
  });

  describe('documents of others', () => {
    it('other kinds are skipped and named', () => {
      const { errors, skipped, targets } = parse(
        'AWSTemplateFormatVersion: "2010-09-09"\nResources: {A: !GetAtt b.c}\n---\napiVersion: v1\nkind: ConfigMap\n',
      );
      assert.deepEqual([errors, targets], [[], []]);
      assert.deepEqual(
        skipped.map(({ documentIndex, line, what }) => [documentIndex, line, what]),
        [
          [0, 1, 'a map without apiVersion and kind'],
          [1, 4, 'ConfigMap (v1)'],
        ],
      );
    });

    it('what they call themselves is quoted unless it is a plain name', () => {
      const { skipped } = parse('apiVersion: v1\nkind: "a\\e[2J"\n---\napiVersion: "x\\ny"\nkind: A\n');
      assert.deepEqual(
        skipped.map(({ what }) => what),
        ['"a\\u001b[2J" (v1)', 'A ("x\\ny")'],
      );
    });

    it('an empty file, and one with comments only, hold nothing', () => {
      assert.deepEqual(parseDocuments([file(''), file('# nothing\n'), file('---\n---\n...\n')]), {
        targets: [],
        errors: [],
        skipped: [],
      });
    });

    it('a ScrapeTarget that lacks its kind or has the wrong group is an error, not a stranger', () => {
      const lost = [
        yamlOf('a').replace('kind: ScrapeTarget\n', ''),
        yamlOf('a').replace('monitoring.ecs/', 'monitoring.coreos.com/'),
        yamlOf('a').replace('kind: ScrapeTarget', 'kind: scrapetarget'),
        yamlOf('a').replace('apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\n', ''),
      ];
      for (const text of lost) assert.notEqual(parse(text).errors.length, 0, text);
    });
  });

  describe('files that documents name', () => {
    const withFile = yamlOf('webapp', {
      endpoints: [
        {
          name: 'metrics',
          portNumber: 3000,
          basicAuth: { username: 'u', passwordFile: '/run/secrets/password' },
        },
      ],
    });

    it('may lie in the directory that was allowed, with a slash at its end or without', () => {
      for (const fileAccessDirectory of ['/run/secrets', '/run/secrets/', '/run', '/']) {
        assert.deepEqual(parseDocuments([file(withFile)], { fileAccessDirectory }).errors, []);
      }
    });

    it('are refused elsewhere, and everywhere when no directory is allowed', () => {
      for (const fileAccessDirectory of ['/run/secret', '/etc', '']) {
        const [error] = parseDocuments([file(withFile)], { fileAccessDirectory }).errors;
        assert.equal(error?.reason, 'FileAccessDenied');
        assert.match(error?.message ?? '', /--file-access-dir DIR/);
      }
    });
  });

  describe('hostile input', () => {
    it('a file that is too long is refused unread', () => {
      const { errors } = parse(`${yamlOf('webapp')}#${'x'.repeat(LIMITS.fileCharacters)}`);
      assert.deepEqual(
        errors.map(({ reason, line }) => [reason, line]),
        [['LimitExceeded', 1]],
      );
    });

    it('a document that is too long is refused, and its neighbours are read', () => {
      const long = `${yamlOf('long')}# ${'x'.repeat(LIMITS.documentCharacters)}\n`;
      const result = parse([yamlOf('one'), long, yamlOf('two')].join('---\n'));
      assert.deepEqual(names(result), ['one', 'two']);
      assert.deepEqual(
        result.errors.map(({ reason }) => reason),
        ['LimitExceeded'],
      );
    });

    it('documents beyond the thousandth of a file are refused together', () => {
      const text = Array.from({ length: LIMITS.documentsPerFile + 5 }, () => 'kind: Other\n').join('---\n');
      const { errors, skipped } = parse(text);
      assert.equal(skipped.length, LIMITS.documentsPerFile);
      assert.deepEqual(
        errors.map(({ documentIndex }) => documentIndex),
        [LIMITS.documentsPerFile],
      );
    });

    it('keys of JavaScript objects are only keys', () => {
      const text = yamlOf('webapp').replace('spec:', 'constructor: 1\ntoString: 2\nspec:');
      assert.deepEqual(
        parse(text).errors.map(({ path }) => path),
        ['constructor', 'toString'],
      );
      const { metadata } = only(
        parse(yamlOf('webapp').replace('  name:', '  labels: {constructor: a}\n  name:')),
      );
      assert.deepEqual(Object.entries(metadata.labels), [['constructor', 'a']]);
    });

    it('a key of more than 1024 characters is refused, wherever it stands', () => {
      const status = (key: string): string => `${yamlOf('webapp')}status: {? ${key} : 1}\n`;
      only(parse(status('x'.repeat(LIMITS.keyCharacters))));
      const { errors } = parse(status('x'.repeat(LIMITS.keyCharacters + 1)));
      assert.deepEqual(
        errors.map(({ reason, path }) => [reason, path]),
        [['InvalidYAML', '']],
      );
      assert.match(errors[0]?.message ?? '', /has more than 1024 characters\. Shorten it\.$/);
    });

    it('a message repeats only so much of what was written', () => {
      const { errors } = parse(yamlOf('webapp', { ['x'.repeat(10_000)]: 'y', jobLabel: '?'.repeat(10_000) }));
      assert.equal(errors.length, 2);
      for (const { message } of errors) assert.ok(message.length < 1000, message);
    });

    const attacks: Record<string, string> = {
      brackets: '['.repeat(200_000),
      braces: '{a: '.repeat(60_000),
      dashes: `${'- '.repeat(100_000)}\n`,
      anchors: `${'&a '.repeat(60_000)}\n`,
      'anchors on lines': '&a\n!!map\n'.repeat(25_000),
      'question marks': '? '.repeat(100_000),
      'long key': `${'a'.repeat(250_000)}: 1\n`,
      'long number': `apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\nspec: ${'9'.repeat(200_000)}\n`,
      'open quotes': `"${'\\n'.repeat(100_000)}`,
      'many quotes': `"a" '`.repeat(40_000),
      'blank lines': '\n'.repeat(1_000_000),
      'carriage returns': '\r'.repeat(1_000_000),
      'document markers': '---\n'.repeat(250_000),
      'end markers': '...\n'.repeat(250_000),
      'unknown fields': `apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\n${Array.from({ length: 18_000 }, (_, i) => `k${i}: 1\n`).join('')}`,
      'wrong endpoints': `apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\nspec: {endpoints: [${'{a: 1},'.repeat(9000)}]}`,
      'wrong entries': `apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\nspec: {endpoints: [${'1,'.repeat(19_000)}]}`,
      'long paths of wrong values': `apiVersion: monitoring.ecs/v1alpha1\nkind: ScrapeTarget\nspec: {endpoints: [&e {params: {${Array.from({ length: 30 }, (_, i) => `? ${'k'.repeat(1000)}${i} : [${'1,'.repeat(30)}]`).join(', ')}}}${', *e'.repeat(19)}]}`,
      regexes: Array.from({ length: 400 }, (_, i) =>
        yamlOf(`n${i}`, {
          endpoints: [
            {
              name: 'a',
              portNumber: 1,
              relabelings: Array.from({ length: 20 }, (_, j) => ({
                action: 'keep',
                regex: `\\pL{${900 - i}}${j}`,
              })),
            },
          ],
        }),
      ).join('---\n'),
    };
    for (const [name, text] of Object.entries(attacks)) {
      it(`${name} cost little time`, function () {
        this.timeout(8000);
        parse(text.slice(0, LIMITS.fileCharacters));
      });
    }
  });

  describe('properties', () => {
    const scraps = fc.constantFrom(
      '---\n',
      '...\n',
      '- ',
      ': ',
      'a: ',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '\n',
      '  ',
      '\t',
      '|\n',
      '>-\n',
      '!!str ',
      '!x ',
      '%YAML 1.2\n',
      '# ',
      '<<: ',
      '\r\n',
      '\u0000',
      '\uFEFF',
      '\uD800',
      '? ',
      'kind: ScrapeTarget\n',
      'apiVersion: monitoring.ecs/v1alpha1\n',
      'spec:\n',
      'metadata: {name: a}\n',
      '__proto__: ',
      '1e400',
      '.nan',
    );

    it('arbitrary text never throws, and every error has its place', () => {
      fc.assert(
        fc.property(fc.array(fc.oneof(scraps, fc.string({ unit: 'binary' })), { maxLength: 60 }), (parts) => {
          const text = parts.join('');
          const lines = text.split(/\r\n|\r|\n/).length;
          for (const { line = 0, column = 0 } of parse(text).errors) {
            assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column}`);
          }
        }),
        { numRuns: 1500 },
      );
    });

    it('a valid document with one character changed never throws', () => {
      fc.assert(
        fc.property(
          fc.nat(everyField.length - 1),
          fc.string({ unit: 'grapheme', maxLength: 3 }),
          (at, put) => {
            parse(everyField.slice(0, at) + put + everyField.slice(at + 1));
          },
        ),
        { numRuns: 400 },
      );
    });

    it('reformatting and the order of keys change neither spec nor hash', () => {
      const original = only(parse(everyField));
      const value = load(everyField);
      fc.assert(
        fc.property(
          fc.infiniteStream(fc.nat(1000)),
          fc.record({
            flowLevel: fc.integer({ min: -1, max: 6 }),
            indent: fc.integer({ min: 1, max: 8 }),
            quoteStyle: fc.constantFrom('single', 'double'),
            forceQuotes: fc.boolean(),
          }),
          fc.boolean(),
          (order, style, json) => {
            const shuffled = shuffle(value, () => order.next().value);
            const text = json ? JSON.stringify(shuffled, undefined, style.indent) : dump(shuffled, style);
            const again = only(parse(text));
            assert.deepEqual(again.spec, original.spec);
            assert.equal(again.specHash, original.specHash);
          },
        ),
        { numRuns: 200 },
      );
    });

    it('any text in a label survives the way through YAML', () => {
      fc.assert(
        fc.property(fc.string({ maxLength: 200 }), (text) => {
          assert.equal(only(parse(yamlOf('webapp', { labels: { text } }))).spec.labels['text'], text);
        }),
        { numRuns: 300 },
      );
    });
  });
});

/** The same value with the keys of all maps in another order. */
function shuffle(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, next));
  if (typeof value !== 'object' || value === null) return value;
  const ranked = Object.entries(value).map(([key, child]) => ({ rank: next(), key, child }));
  return Object.fromEntries(
    ranked.sort((a, b) => a.rank - b.rank).map(({ key, child }) => [key, shuffle(child, next)]),
  );
}
