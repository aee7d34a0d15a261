import type { EndpointDraft } from './import-endpoints.ts';
import type { DocumentDraft } from './import-draft.ts';

/** A ScrapeTarget document whose comments say where each value came from. */
export function documentYaml(draft: DocumentDraft, name: string, nameOrigin: string): string {
  const { registry, service, endpoints, proposed } = draft;
  return [
    comment(0, draft.summary),
    'apiVersion: monitoring.ecs/v1alpha1',
    'kind: ScrapeTarget',
    'metadata:',
    field(2, 'name', name, nameOrigin),
    'spec:',
    field(2, 'serviceRef', undefined, draft.serviceOrigin),
    field(4, 'cluster', service.cluster),
    field(4, 'service', service.service),
    '  registry:',
    field(4, 'namespace', registry.namespace),
    field(4, 'name', registry.name),
    `    dnsRecord: { type: ${registry.recordType}, ttl: ${registry.ttl} }${trailing(registry.dnsOrigin)}`,
    field(4, 'routingPolicy', registry.routingPolicy),
    ...(registry.container === undefined
      ? []
      : [
          field(4, 'containerName', registry.container.name, registry.container.origin),
          field(4, 'containerPort', registry.container.port),
        ]),
    ...(registry.adopt ? [field(4, 'adopt', true, 'no installation owns it yet')] : []),
    '  endpoints:',
    ...endpoints.flatMap(endpointLines),
    ...proposedLines(proposed),
    ...(draft.observe === undefined ? [] : [field(2, 'bindingPolicy', 'Observe', draft.observe)]),
    '',
  ].join('\n');
}

function proposedLines(proposed: readonly EndpointDraft[]): readonly string[] {
  if (proposed.length === 0) return [];
  return [
    '    # Not tagged, but it looks like metrics. To have it scraped too, check it and remove the "# ":',
    ...proposed.flatMap(endpointLines).map((line) => `    # ${line.slice(4)}`),
  ];
}

const endpointLines = (endpoint: EndpointDraft): readonly string[] => [
  `    - name: ${scalar(endpoint.name)}`,
  field(6, 'portNumber', endpoint.port, endpoint.portOrigin),
  field(6, 'path', endpoint.path, endpoint.pathOrigin),
];

/** The whole document as a proposal: nobody acts on it until the marks are removed. */
export function commentedOut(yaml: string, why: string): string {
  const lines = yaml.trimEnd().split('\n');
  return [comment(0, why), ...lines.map((line) => (line.startsWith('#') ? line : `# ${line}`)), ''].join(
    '\n',
  );
}

function field(
  indent: number,
  key: string,
  value: string | number | boolean | undefined,
  origin?: string,
): string {
  const written = value === undefined ? '' : ` ${scalar(value)}`;
  return `${' '.repeat(indent)}${key}:${written}${origin === undefined ? '' : trailing(origin)}`;
}

const trailing = (text: string): string => ` ${comment(0, text)}`;

/** Names and tags of AWS may hold anything, but never a second line. */
const comment = (indent: number, text: string): string =>
  `${' '.repeat(indent)}# ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}\uFFFD]+/gu, ' ')}`;

const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
/** What some YAML reader takes for something else than a text. */
const KEYWORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) && !KEYWORD.test(value) ? value : JSON.stringify(value);
}
