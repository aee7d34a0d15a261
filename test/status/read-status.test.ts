import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isOperatorError } from '../../controller/errors.ts';
import { readStatus } from '../../controller/status/read-status.ts';
import { toTargetStatus, writeStatus, type StatusDocument } from '../../controller/status/stored-status.ts';
import { storedCondition, storedStatus, storedTarget, STORED_AT } from '../support/stored-status.ts';

const schemaText = readFileSync(new URL('../../schemas/status.v1.schema.json', import.meta.url), 'utf8');
const schema = JSON.parse(schemaText) as object;
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

const write = (document: StatusDocument): string => writeStatus(document, document.lastPass);

const held = storedTarget({
  name: 'held',
  source: null,
  inForce: { version: 'lastLoaded', specHash: 'ffff', message: 'bad regex', retryAt: STORED_AT },
  service: { cluster: 'prod', name: 'Held', arn: null, bound: null },
  registry: null,
  targets: {
    count: 1,
    held: true,
    lastCompleteRead: STORED_AT,
    scraped: [{ endpoint: 'metrics', address: '10.0.0.2:1', taskId: null }],
    skipped: [{ taskId: 'bbb', reason: 'It has no address.' }],
  },
  conditions: [storedCondition('TargetsDiscovered', 'Unknown')],
  result: { kind: 'requeueAfter', ms: 15_000, reason: 'Busy' },
});

const full = storedStatus([held, storedTarget({ result: { kind: 'stalled', reason: 'No' } })], {
  writer: { version: '1', verb: 'apply', process: 'host/1a2b3c' },
  problems: [{ where: null, reason: 'Denied', message: 'No.' }],
  tagged: {
    count: 3,
    registries: [{ namespace: 'apps', name: 'legacy', count: 3 }],
    skipped: ['registry apps/old: instance i: it has no IP address'],
    unread: ['Not allowed.'],
  },
});

describe('the stored status', () => {
  it('is after reading what was written', () => assert.deepEqual(readStatus(write(full), 'x'), full));

  it('follows the published schema', () => {
    assert.ok(validate(JSON.parse(write(full))), JSON.stringify(validate.errors));
    assert.equal(validate({ ...full, extra: 1 }), false);
  });

  it('is written with the same bytes whatever the order of its fields', () => {
    const { scrapeTargets, owner, ...rest } = full;
    assert.equal(write({ scrapeTargets, owner, ...rest }), write(full));
  });

  it('may have grown fields and conditions that this program does not know', () => {
    const grown = {
      ...full,
      formatVersion: '1.7',
      fleet: 'x',
      scrapeTargets: [{ ...storedTarget(), more: 1, conditions: [{ type: 'Blessed', status: 'True' }] }],
    };
    const read = readStatus(JSON.stringify(grown), 'x');
    assert.deepEqual(read.scrapeTargets, [storedTarget({ conditions: [] })]);
  });

  it('is refused in a format of the future, with what to do', () => {
    const text = JSON.stringify({ ...full, formatVersion: '2.0' });
    assert.throws(() => readStatus(text, 's3://b/k'), { reason: 'StatusFormatUnknown', where: 's3://b/k' });
  });

  for (const text of ['', '{"formatVersion"', '[]', '"1.0"', '{}', 'null'])
    it(`is not ${text === '' ? 'nothing' : text}`, () =>
      assert.throws(() => readStatus(text, 'x'), { reason: 'StatusUnreadable' }));

  it('reads as some valid status or not at all, whatever lies there', () => {
    const anything = fc.record({
      formatVersion: fc.constant('1.0'),
      owner: fc.jsonValue(),
      lastPass: fc.jsonValue(),
      writer: fc.jsonValue(),
      problems: fc.jsonValue(),
      tagged: fc.jsonValue(),
      scrapeTargets: fc.array(
        fc.record({
          name: fc.oneof(fc.constant('a'), fc.jsonValue()),
          targets: fc.jsonValue(),
          service: fc.jsonValue(),
          conditions: fc.array(fc.record({ type: fc.constant('Ready'), status: fc.jsonValue() })),
          result: fc.record({ kind: fc.constantFrom('retry', 'requeueAfter', 'x'), ms: fc.jsonValue() }),
        }),
      ),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          anything.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          try {
            const document = readStatus(text, 'x');
            assert.deepEqual(readStatus(write(document), 'x'), document);
          } catch (thrown) {
            assert.ok(isOperatorError(thrown), String(thrown));
          }
        },
      ),
    );
  });

  it('gives a pass what it goes on from', () => {
    assert.deepEqual(toTargetStatus(held), {
      name: 'held',
      specHash: held.specHash,
      observedGeneration: 2,
      targets: undefined,
      conditions: held.conditions,
      result: held.result,
    });
    assert.equal(toTargetStatus(storedTarget()).targets, 1);
  });
});
