import assert from 'node:assert/strict';
import { checkSchema } from '../../controller/api/schema.ts';
import { formatPath } from '../../controller/api/faults.ts';

function documentOf(spec: object, metadata: object = {}): unknown {
  return {
    apiVersion: 'monitoring.ecs/v1alpha1',
    kind: 'ScrapeTarget',
    metadata: { name: 'webapp', ...metadata },
    spec: {
      serviceRef: { cluster: 'main', service: 'webapp' },
      registry: { namespace: 'ecs-services' },
      endpoints: [{ name: 'metrics', portNumber: 3000 }],
      ...spec,
    },
  };
}

function faultsOf(value: unknown): string[] {
  const result = checkSchema(value);
  return result.kind === 'valid'
    ? []
    : result.faults.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

describe('checkSchema', () => {
  it('accepts a valid document as it is', () => {
    const value = documentOf({});
    assert.deepEqual(checkSchema(value), { kind: 'valid', document: value });
  });

  it('names keys as they were written, and tells them from places in a list', () => {
    const labels = { 'a/b': 1, '~1': 1, '0': 1 };
    const endpoints = [{ name: 'metrics', params: { '0': ['a', 1] } }];
    assert.deepEqual(
      faultsOf(documentOf({ labels, endpoints })).map((fault) => fault.split(':')[0]),
      ['spec.endpoints[0].params["0"][1]', 'spec.labels["0"]', 'spec.labels["a/b"]', 'spec.labels["~1"]'],
    );
  });

  it('tells one fault of a value, the one that comes first', () => {
    assert.deepEqual(faultsOf(documentOf({ bindingPolicy: 1, jobLabel: '?'.repeat(129) })), [
      `spec.jobLabel: Expected a tag key: letters, digits, spaces and + - = . _ : / @, at most 128, found "${'?'.repeat(80)}"….`,
      'spec.bindingPolicy: Expected text, found the number 1. Write it in quotes: "1".',
    ]);
  });

  it('says nothing about the entries of a list or map that has too many', () => {
    const labels = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`l${index}`, index]));
    const endpoints = Array.from({ length: 21 }, () => ({ nonsense: 1 }));
    assert.deepEqual(faultsOf(documentOf({ endpoints, labels }, { labels })), [
      'metadata.labels: Expected a map of text to text, found 65.',
      'spec.endpoints: Expected a list of endpoints, one to 20, found 21.',
      'spec.labels: Expected a map of text to text, found 65.',
    ]);
  });

  it('tells the fault of a field whose name begins like that of a refused one', () => {
    const endpoints = [{ name: 1, port: 1, portNumber: 'a' }];
    assert.deepEqual(
      faultsOf(documentOf({ endpoints })).map((fault) => fault.split(':')[0]),
      ['spec.endpoints[0].name', 'spec.endpoints[0].portNumber', 'spec.endpoints[0].port'],
    );
  });

  it('counts the characters of a text, not their halves', () => {
    const registry = (description: string): unknown =>
      documentOf({ registry: { namespace: 'ecs-services', description } });
    assert.deepEqual(faultsOf(registry('😀'.repeat(1024))), []);
    assert.equal(faultsOf(registry('😀'.repeat(1025))).length, 1);
  });

  it('refuses what is not a document at all', () => {
    for (const value of [null, 1, 'text', [], true, undefined])
      assert.match(faultsOf(value)[0] ?? '', /^: Expected a map of fields, found /);
  });
});
