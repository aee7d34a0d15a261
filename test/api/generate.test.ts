import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import schema from '../../schemas/scrapetarget.v1alpha1.schema.json' with { type: 'json' };
import { generatedFiles } from '../../scripts/generate/files.ts';
import { inlineRefs, type Schema } from '../../scripts/generate/schema.ts';

const ROOT = new URL('../../', import.meta.url);
const CRD = 'crds/scrapetargets.monitoring.ecs.yaml';

describe('npm run generate', () => {
  it('has been run since the schema last changed', async () => {
    for (const [path, text] of await generatedFiles(schema)) {
      assert.equal(
        readFileSync(new URL(path, ROOT), 'utf8'),
        text,
        `${path} is stale: run "npm run generate"`,
      );
    }
  });

  it('gives the same bytes each time', async () => {
    assert.deepEqual(await generatedFiles(schema), await generatedFiles(structuredClone(schema)));
  });
});

describe('the schema', () => {
  it('describes every field', () => {
    const silent = [...fieldsOf(inlineRefs(schema), '')].filter(
      ([, field]) => (field.description ?? '').length < 10,
    );
    assert.deepEqual(
      silent.map(([path]) => path),
      [],
    );
  });
});

function* fieldsOf(part: Schema, path: string): Generator<[string, Schema]> {
  for (const [name, child] of Object.entries(part.properties ?? {})) {
    yield [`${path}.${name}`, child];
    yield* fieldsOf(child, `${path}.${name}`);
    if (child.items !== undefined) yield* fieldsOf(child.items, `${path}.${name}[]`);
  }
}

describe('the CustomResourceDefinition', () => {
  const crd = JSON.parse(JSON.stringify(load(readFileSync(new URL(CRD, ROOT), 'utf8'))));
  const version = crd.spec.versions[0];
  const root = version.schema.openAPIV3Schema;

  it('is named by plural and group, and stores the version of the documents', () => {
    assert.equal(crd.apiVersion, 'apiextensions.k8s.io/v1');
    assert.equal(crd.metadata.name, `${crd.spec.names.plural}.${crd.spec.group}`);
    assert.equal(`${crd.spec.group}/${version.name}`, schema.properties.apiVersion.enum[0]);
    assert.equal(crd.spec.names.kind, schema.properties.kind.enum[0]);
    assert.deepEqual([version.served, version.storage], [true, true]);
  });

  it('has a status subresource with conditions', () => {
    assert.deepEqual(version.subresources, { status: {} });
    assert.deepEqual(root.properties.status.properties.conditions['x-kubernetes-list-map-keys'], ['type']);
  });

  it('prints readiness, targets, service and age', () => {
    assert.deepEqual(
      version.additionalPrinterColumns.map((column: { name: string }) => column.name),
      ['Ready', 'Targets', 'Service', 'Age'],
    );
  });

  it('has a structural schema: a type everywhere, and no keyword that Kubernetes refuses', () => {
    assert.deepEqual([...structuralFaults(root, 'root')], []);
  });

  it('has defaults that satisfy the schema they stand in', () => {
    const wrong = [...nodesOf(root, 'root')].filter(
      ([, node]) => node.default !== undefined && !allows(node, node.default),
    );
    assert.deepEqual(
      wrong.map(([path]) => path),
      [],
    );
  });

  it('has every field of the JSON Schema', () => {
    const { spec } = inlineRefs(schema).properties ?? {};
    const fields = [...fieldsOf(spec ?? {}, '')].map(([path]) => path);
    assert.ok(fields.length > 50);
    assert.deepEqual(
      [...fieldsOf(root.properties.spec, '')].map(([path]) => path),
      fields,
    );
  });
});

const ALLOWED = new Set(
  [
    'description type format enum default pattern minLength maxLength minimum maximum',
    'minItems maxItems maxProperties required properties items additionalProperties',
    'x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-int-or-string',
  ].flatMap((words) => words.split(' ')),
);

interface CrdNode {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Record<string, CrdNode>;
  readonly items?: CrdNode;
  readonly additionalProperties?: CrdNode;
  readonly [keyword: string]: unknown;
}

function* nodesOf(node: CrdNode, path: string): Generator<[string, CrdNode]> {
  yield [path, node];
  for (const [name, child] of Object.entries(node.properties ?? {})) yield* nodesOf(child, `${path}.${name}`);
  if (node.items !== undefined) yield* nodesOf(node.items, `${path}[]`);
  if (node.additionalProperties !== undefined) yield* nodesOf(node.additionalProperties, `${path}{}`);
}

function* structuralFaults(root: CrdNode, path: string): Generator<string> {
  for (const [at, node] of nodesOf(root, path)) {
    const unknown = Object.keys(node).filter((keyword) => !ALLOWED.has(keyword));
    if (unknown.length > 0) yield `${at}: ${unknown.join(', ')}`;
    if (typeof node.type !== 'string' && node['x-kubernetes-int-or-string'] !== true) yield `${at}: no type`;
    if (node.properties !== undefined && node.additionalProperties !== undefined)
      yield `${at}: both kinds of properties`;
    if (typeof node.additionalProperties === 'boolean') yield `${at}: additionalProperties is a boolean`;
    if (node.type === 'array' && node.items === undefined) yield `${at}: no items`;
  }
}

function allows(node: CrdNode, value: unknown): boolean {
  if (node.enum !== undefined) return node.enum.includes(value);
  return node.type === (Number.isInteger(value) ? 'integer' : typeof value);
}
