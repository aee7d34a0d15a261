import { isDnsLabel } from '../api/names.ts';
import { OWNER_TAG } from '../state/desired.ts';
import { compareText } from '../state/keys.ts';
import type { ObservedTaskDefinition } from '../state/observed.ts';
import { dnsLabelOf, uniqueLabel } from './import-names.ts';
import type { Tags } from './tags.ts';

/** An endpoint of a document that is to be written, each value with its origin. */
export interface EndpointDraft {
  readonly name: string;
  readonly path: string;
  readonly pathOrigin: string;
  readonly port: number;
  readonly portOrigin: string;
}

export type TaggedEndpoints =
  | { readonly kind: 'found'; readonly endpoints: readonly EndpointDraft[] }
  | { readonly kind: 'invalid'; readonly message: string };

/** A task definition as far as endpoints need it, and the container port that the binding registers. */
export interface PortFacts {
  readonly taskDefinition: ObservedTaskDefinition | undefined;
  readonly boundPort: number | undefined;
}

/** The tags of one endpoint share what stands before PATH or PORT and what stands after it. */
interface TagGroup {
  readonly pathKey: string;
  readonly portKey: string;
  readonly name: string;
}

/**
 * | tags                              | endpoint                                          |
 * | --------------------------------- | ------------------------------------------------- |
 * | METRICS_PATH, METRICS_PORT        | first, `metrics`                                  |
 * | METRICS_PATH_<NAME>, ..._PORT_... | the name in lower case, with hyphens              |
 * | ECS_METRICS_PATH, ..._PORT        | last, `ecs`                                       |
 * | no PATH                           | /metrics                                          |
 * | no PORT                           | the container port that ECS registers, else invalid |
 */
export function taggedEndpoints(tags: Tags, facts: PortFacts): TaggedEndpoints {
  const endpoints: EndpointDraft[] = [];
  for (const group of tagGroups(tags)) {
    const port = portOf(group.portKey, tags, facts);
    if (typeof port === 'string') return { kind: 'invalid', message: port };
    endpoints.push({ name: group.name, ...pathOf(group.pathKey, tags), ...port });
  }
  return { kind: 'found', endpoints };
}

const SUFFIXED = /^METRICS_(?:PATH|PORT)_([A-Z0-9][A-Z0-9_]*)$/;

function tagGroups(tags: Tags): readonly TagGroup[] {
  const suffixes = new Set(Object.keys(tags).flatMap((key) => SUFFIXED.exec(key)?.[1] ?? []));
  const taken = new Set(['ecs']);
  const take = (wanted: string): string => {
    const name = uniqueLabel(wanted, taken);
    taken.add(name);
    return name;
  };
  const group = (prefix: string, suffix: string, name: string): TagGroup => ({
    pathKey: `${prefix}METRICS_PATH${suffix}`,
    portKey: `${prefix}METRICS_PORT${suffix}`,
    name,
  });
  const suffixed = [...suffixes]
    .sort(compareText)
    .map((suffix) => group('', `_${suffix}`, take(labelOf(suffix))));
  const has = ({ pathKey, portKey }: TagGroup): boolean => pathKey in tags || portKey in tags;
  const plain = [group('', '', taken.has('metrics') ? take('default') : 'metrics')].filter(has);
  return [...plain, ...suffixed, ...[group('ECS_', '', 'ecs')].filter(has)];
}

/** The name whose tags these are; a suffix that no name can have gives the nearest one. */
function labelOf(suffix: string): string {
  const name = suffix.toLowerCase().replaceAll('_', '-');
  return isDnsLabel(name) ? name : dnsLabelOf(name) || 'endpoint';
}

function pathOf(key: string, tags: Tags): Pick<EndpointDraft, 'path' | 'pathOrigin'> {
  const written = Object.hasOwn(tags, key) ? tags[key] : undefined;
  if (written === undefined || written === '')
    return { path: '/metrics', pathOrigin: `no tag ${key}: the default` };
  if (written.startsWith('/')) return { path: written, pathOrigin: `tag ${key}` };
  return { path: `/${written}`, pathOrigin: `tag ${key}, which lacks the slash` };
}

function portOf(
  key: string,
  tags: Tags,
  facts: PortFacts,
): Pick<EndpointDraft, 'port' | 'portOrigin'> | string {
  const written = Object.hasOwn(tags, key) ? tags[key] : undefined;
  if (written === undefined) {
    return facts.boundPort === undefined
      ? `It has no tag ${key}, and its binding names no container port either.`
      : { port: facts.boundPort, portOrigin: `no tag ${key}: the container port that ECS registers` };
  }
  const number = /^\d{1,5}$/.test(written) ? Number(written) : 0;
  if (number < 1 || number > 65_535)
    return `Its tag ${key} is ${JSON.stringify(written)}, which is not a port.`;
  // What this program has written are container ports already.
  const ours = Object.hasOwn(tags, OWNER_TAG);
  return ours
    ? taggedPort(number, key, facts.taskDefinition)
    : containerPort(number, key, facts.taskDefinition);
}

/**
 * A document names container ports. A tag that names the fixed host port of a task in bridge mode, as scrapers
 * without knowledge of the task definition need it, means the container port behind it.
 */
function containerPort(
  number: number,
  key: string,
  taskDefinition: ObservedTaskDefinition | undefined,
): Pick<EndpointDraft, 'port' | 'portOrigin'> {
  const mappings = mappingsOf(taskDefinition);
  const mapped = mappings.some((mapping) => mapping.containerPort === number);
  const behind =
    taskDefinition?.networkMode === 'bridge' && !mapped
      ? mappings.find(({ hostPort }) => hostPort === number)
      : undefined;
  return behind === undefined
    ? taggedPort(number, key, taskDefinition)
    : { port: behind.containerPort, portOrigin: `tag ${key} names host port ${number}; ${behind.what}` };
}

function taggedPort(
  number: number,
  key: string,
  taskDefinition: ObservedTaskDefinition | undefined,
): Pick<EndpointDraft, 'port' | 'portOrigin'> {
  const mapped = mappingsOf(taskDefinition).find((mapping) => mapping.containerPort === number);
  if (mapped !== undefined) return { port: number, portOrigin: `tag ${key}; ${mapped.what}` };
  return {
    port: number,
    portOrigin: taskDefinition === undefined ? `tag ${key}` : `tag ${key}; not among the port mappings`,
  };
}

interface Mapping {
  readonly container: string;
  readonly name: string | undefined;
  readonly containerPort: number;
  readonly hostPort: number | undefined;
  /** For a comment. */
  readonly what: string;
}

/** Mappings of one TCP port each; metrics are not served over UDP, and a range names no port. */
function mappingsOf(taskDefinition: ObservedTaskDefinition | undefined): readonly Mapping[] {
  return (taskDefinition?.containers ?? []).flatMap((container) =>
    container.portMappings.flatMap(({ name, containerPort, hostPort, protocol }): Mapping[] =>
      containerPort === undefined || protocol !== 'tcp'
        ? []
        : [
            {
              container: container.name,
              name,
              containerPort,
              hostPort,
              what: describe(container.name, name),
            },
          ],
    ),
  );
}

const describe = (container: string, name: string | undefined): string =>
  name === undefined
    ? `port mapping of container ${container}`
    : `port mapping "${name}" of container ${container}`;

/** Port mappings that look like metrics and that no endpoint names yet. They are proposed, never taken for granted. */
export function likelyEndpoints(
  taskDefinition: ObservedTaskDefinition | undefined,
  known: readonly EndpointDraft[],
): readonly EndpointDraft[] {
  const ports = new Set(known.map(({ port }) => port));
  const names = new Set(['ecs', ...known.map(({ name }) => name)]);
  const drafts: EndpointDraft[] = [];
  for (const mapping of mappingsOf(taskDefinition)) {
    if (ports.has(mapping.containerPort) || !looksLikeMetrics(mapping)) continue;
    const name = uniqueLabel(dnsLabelOf(mapping.name ?? '') || 'metrics', names);
    ports.add(mapping.containerPort);
    names.add(name);
    drafts.push({
      name,
      path: '/metrics',
      pathOrigin: 'the default, to be checked',
      port: mapping.containerPort,
      portOrigin: mapping.what,
    });
  }
  return drafts;
}

const METRICS_NAME = /metric|prom|exporter|scrape/i;
/** Ports within the exporters' own range that other software made its own: Elasticsearch, Git, HTTPS. */
const OTHERS = new Set([9200, 9300, 9418, 9443]);

/** By its name, or by a number that Prometheus's list of default ports gives to exporters; 2112 is client_golang's. */
function looksLikeMetrics({ name, container, containerPort: port }: Mapping): boolean {
  if (METRICS_NAME.test(name ?? '') || /exporter/i.test(container)) return true;
  return port === 2112 || (port >= 9100 && port <= 9999 && !OTHERS.has(port));
}
