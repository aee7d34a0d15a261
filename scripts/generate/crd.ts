import { dump } from 'js-yaml';
import { inlineRefs, mapValues, type Schema } from './schema.ts';

const HEADER = `# CustomResourceDefinition of ScrapeTarget, for tools that speak the Kubernetes API.
# Generated from schemas/scrapetarget.v1alpha1.schema.json by "npm run generate": change the schema instead.
`;

/** Keywords that a structural schema of Kubernetes knows with the meaning of JSON Schema. */
const KEPT = [
  'description',
  'type',
  'enum',
  'default',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'maxProperties',
  'required',
] as const;

/** The CustomResourceDefinition (apiextensions.k8s.io/v1) as YAML. */
export function crdOf(schema: Schema): string {
  const root = inlineRefs(schema);
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'scrapetargets.monitoring.ecs' },
    spec: {
      group: 'monitoring.ecs',
      scope: 'Namespaced',
      names: {
        kind: 'ScrapeTarget',
        listKind: 'ScrapeTargetList',
        plural: 'scrapetargets',
        singular: 'scrapetarget',
        shortNames: ['stgt'],
        categories: ['monitoring'],
      },
      versions: [versionOf(root)],
    },
  };
  return HEADER + dump(definition, { lineWidth: 100, noRefs: true });
}

function versionOf(root: Schema): object {
  return {
    name: 'v1alpha1',
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: [
      column('Ready', 'string', '.status.conditions[?(@.type=="Ready")].status'),
      column('Targets', 'integer', '.status.targets.discovered'),
      column('Service', 'string', '.spec.serviceRef.service'),
      column('Age', 'date', '.metadata.creationTimestamp'),
    ],
    schema: { openAPIV3Schema: rootSchema(root) },
  };
}

const column = (name: string, type: string, jsonPath: string): object => ({ name, type, jsonPath });

/** apiVersion, kind and metadata are Kubernetes's own; of metadata only the name may be narrowed. */
function rootSchema(root: Schema): object {
  const { metadata, spec } = root.properties ?? {};
  const name = metadata?.properties?.['name'];
  if (spec === undefined || name === undefined)
    throw new TypeError('the schema has no spec or no metadata.name');
  return {
    description: root.description,
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object', properties: { name: structural(name) } },
      spec: structural(spec),
      status: STATUS,
    },
  };
}

function structural(schema: Schema): object {
  if (Array.isArray(schema.type))
    return { description: schema.description, 'x-kubernetes-int-or-string': true };
  const kept = Object.fromEntries(
    KEPT.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])),
  );
  return {
    ...kept,
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, structural) }),
    ...(schema.items === undefined ? {} : { items: structural(schema.items) }),
    ...(schema.items?.required?.includes('name') === true
      ? { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }
      : {}),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: structural(schema.additionalProperties) }
      : {}),
  };
}

const text = (description: string, more: object = {}): object => ({ description, type: 'string', ...more });

const STATUS = {
  description: 'What the controller found and did, written by the controller.',
  type: 'object',
  properties: {
    observedGeneration: {
      description: 'Generation of the document that this status is about.',
      type: 'integer',
      format: 'int64',
    },
    specHash: text('Hash of the spec with defaults applied.'),
    targets: {
      description: 'How many targets the ECS service has.',
      type: 'object',
      properties: {
        discovered: { description: 'Targets that Prometheus was given.', type: 'integer', format: 'int64' },
        healthy: { description: 'Targets that are up.', type: 'integer', format: 'int64' },
      },
    },
    conditions: {
      description: 'Ready and the steps on the way to it.',
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: {
        type: 'object',
        required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
        properties: {
          type: text('What the condition is about, such as Ready.', { maxLength: 316 }),
          status: text('True, False or Unknown.', { enum: ['True', 'False', 'Unknown'] }),
          reason: text('CamelCase and stable, for programs.', { minLength: 1, maxLength: 1024 }),
          message: text('For people.', { maxLength: 32768 }),
          lastTransitionTime: text('When the status last changed.', { format: 'date-time' }),
          observedGeneration: {
            description: 'Generation of the document that the condition is about.',
            type: 'integer',
            format: 'int64',
          },
        },
      },
    },
  },
};
