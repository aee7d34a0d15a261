import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { checkSchema } from '../../controller/api/schema.ts';
import schema from '../../schemas/scrapetarget.v1alpha1.schema.json' with { type: 'json' };

const FOLDER = new URL('documents/', import.meta.url);

function good(): unknown[] {
  return ['every-field', 'relabel-every-action', 'aliases', 'status-ignored'].map((name) =>
    load(readFileSync(new URL(`${name}.good.yaml`, FOLDER), 'utf8')),
  );
}

describe('checkSchema', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-expect']);
  const reference = ajv.compile(schema);

  const agree = (value: unknown): void => {
    assert.equal(checkSchema(value).kind === 'valid', reference(value), JSON.stringify(value));
  };

  it('agrees with a general validator on the test documents', () => {
    for (const file of readdirSync(FOLDER)) {
      if (/^(yaml|duplicate|cut|json|several)/.test(file)) continue;
      agree(load(readFileSync(new URL(file, FOLDER), 'utf8')));
    }
  });

  it('agrees with a general validator on documents in which one value was exchanged', () => {
    const documents = good();
    const strange = fc.oneof(
      fc.constantFrom(
        null,
        true,
        0,
        -1,
        1.5,
        65536,
        2 ** 53,
        Infinity,
        '',
        'A',
        '30s',
        'metrics',
        '😀'.repeat(64),
      ),
      fc.string({ maxLength: 80 }),
      fc.constantFrom([], {}, [''], [null], { name: 'a' }, [[]], 'x'.repeat(64), 'x'.repeat(1025), '/x'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), strange, (document, where, value) => {
        const places = [...placesOf(document, [])];
        agree(exchange(document, places[where % places.length] ?? [], value));
      }),
      { numRuns: 3000 },
    );
  });

  it('agrees with a general validator on documents from which one field was taken', () => {
    for (const document of good()) {
      for (const place of placesOf(document, [])) agree(exchange(document, place, undefined));
    }
  });
});

type Place = readonly string[];

function* placesOf(value: unknown, path: Place): Generator<Place> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* placesOf(child, [...path, key]);
}

/** A copy with another value at one place; `undefined` takes the field away. */
function exchange(value: unknown, [step, ...rest]: Place, other: unknown): unknown {
  if (step === undefined) return other;
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).map(([key, child]) => [
    key,
    key === step ? exchange(child, rest, other) : child,
  ]);
  const kept = changed.filter(([, child]) => child !== undefined);
  return Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
}
