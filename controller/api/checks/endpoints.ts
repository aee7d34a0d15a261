import { parseDuration } from '../duration.ts';
import { formatPath, quote, type Fault, type Path } from '../faults.ts';
import type { DocumentEndpoint } from '../scrapetarget.gen.ts';
import { ADDRESS_LABEL } from '../names.ts';
import { checkAddress } from './address.ts';
import { checkAccess } from './auth.ts';
import type { CheckContext } from './context.ts';
import { checkRules } from './relabel.ts';

/** Everything about endpoints that the schema cannot say. */
export function checkEndpoints(endpoints: readonly DocumentEndpoint[], context: CheckContext): Fault[] {
  const path = ['spec', 'endpoints'];
  return [
    ...endpoints.flatMap((endpoint, index) => checkEndpoint(endpoint, [...path, index], context)),
    ...checkNames(endpoints, path),
    ...checkSameness(endpoints, path),
  ];
}

function checkEndpoint(
  endpoint: DocumentEndpoint,
  path: Path,
  { checkRegex, directory }: CheckContext,
): Fault[] {
  return [
    ...checkPort(endpoint, path),
    ...checkAlias(endpoint, ['path', 'metricsPath'], path),
    ...checkAlias(endpoint, ['interval', 'scrapeInterval'], path),
    ...checkMetricsPath(endpoint, path),
    ...checkParams(endpoint, path),
    ...checkTimes(endpoint, path),
    ...checkAccess(endpoint, path, directory),
    ...checkRules(endpoint.relabelings, [...path, 'relabelings'], checkRegex),
    ...checkAddress(endpoint.relabelings, [...path, 'relabelings']),
    ...checkRules(endpoint.metricRelabelings, [...path, 'metricRelabelings'], checkRegex),
  ];
}

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidSpec', message });

const PORT_FIELDS = ['portNumber', 'port', 'targetPort'] as const;

function checkPort(endpoint: DocumentEndpoint, path: Path): Fault[] {
  const written = PORT_FIELDS.filter((field) => endpoint[field] !== undefined);
  const [first, second] = written;
  if (first === undefined) {
    return [
      invalid(
        [...path, 'portNumber'],
        'A port is required. Write `portNumber: 8080`, or `port:` with the name of a port mapping.',
      ),
    ];
  }
  if (second !== undefined) {
    return [
      invalid([...path, second], `An endpoint has one port. Write either \`${first}\` or \`${second}\`.`),
    ];
  }
  return [...checkPortName(endpoint, path), ...checkTargetPort(endpoint, path)];
}

/** `port: "3000"` is a name for ECS, but hardly for its author. */
function checkPortName({ port }: DocumentEndpoint, path: Path): Fault[] {
  if (port === undefined || !/^\d+$/.test(port)) return [];
  return [
    invalid([...path, 'port'], `\`port\` is the name of a port mapping. Write \`portNumber: ${port}\`.`),
  ];
}

function checkTargetPort({ targetPort }: DocumentEndpoint, path: Path): Fault[] {
  if (targetPort === undefined) return [];
  const valid =
    typeof targetPort === 'number'
      ? targetPort >= 1 && targetPort <= 65535
      : /^[a-zA-Z0-9_-]{1,64}$/.test(targetPort) && !/^\d+$/.test(targetPort);
  if (valid) return [];
  const message = `Expected a port number from 1 to 65535 or the name of a port mapping, found ${typeof targetPort === 'number' ? targetPort : quote(targetPort)}.`;
  return [invalid([...path, 'targetPort'], message)];
}

function checkAlias(
  endpoint: DocumentEndpoint,
  [field, alias]: readonly [keyof DocumentEndpoint, keyof DocumentEndpoint],
  path: Path,
): Fault[] {
  if (endpoint[field] === undefined || endpoint[alias] === undefined) return [];
  return [
    {
      path: [...path, alias],
      at: 'key',
      reason: 'InvalidSpec',
      message: `\`${alias}\` is another name of \`${field}\`. Keep one of them.`,
    },
  ];
}

/** What a tag of AWS can hold, without the space, which no path has. */
const TAGGABLE_PATH = /^[\p{L}\p{N}+=._:/@-]*$/u;

function checkMetricsPath(endpoint: DocumentEndpoint, path: Path): Fault[] {
  const field = endpoint.path === undefined ? 'metricsPath' : 'path';
  const written = endpoint[field];
  const problem = written === undefined ? undefined : pathProblem(written);
  return problem === undefined ? [] : [invalid([...path, field], problem)];
}

function pathProblem(written: string): string | undefined {
  const query = written.indexOf('?');
  if (query >= 0) {
    return `A path has no query. Write \`path: ${written.slice(0, Math.min(query, 80))}\` and the query in \`params\`.`;
  }
  if (!TAGGABLE_PATH.test(written)) {
    return `${quote(written)} cannot be kept in a tag of the registry, which takes letters, digits and + - = . _ : / @ only. Serve the metrics under such a path, or set \`__metrics_path__\` in \`relabelings\`.`;
  }
  if (written.length <= 256) return undefined;
  return `The path has ${written.length} characters; a tag of the registry takes 256. Serve the metrics under a shorter path.`;
}

function checkParams({ params = {} }: DocumentEndpoint, path: Path): Fault[] {
  return Object.keys(params)
    .filter(
      (name) => name === '' || name.length > 256 || /\p{Cc}/u.test(name) || name.includes(ADDRESS_LABEL),
    )
    .map((name) => ({
      path: [...path, 'params', name],
      at: 'key',
      reason: 'InvalidSpec',
      message: `${quote(name)} is not the name of a parameter. Write 1 to 256 characters, and not ${ADDRESS_LABEL}.`,
    }));
}

function checkTimes(endpoint: DocumentEndpoint, path: Path): Fault[] {
  const field = endpoint.interval === undefined ? 'scrapeInterval' : 'interval';
  const interval = endpoint[field];
  const { scrapeTimeout } = endpoint;
  const faults = [
    ...checkDuration(interval, [...path, field]),
    ...checkDuration(scrapeTimeout, [...path, 'scrapeTimeout']),
  ];
  if (faults.length > 0 || interval === undefined || scrapeTimeout === undefined) return faults;
  if ((parseDuration(scrapeTimeout) ?? 0) <= (parseDuration(interval) ?? 0)) return [];
  return [
    {
      path: [...path, 'scrapeTimeout'],
      reason: 'TimeoutExceedsInterval',
      message: `The timeout ${scrapeTimeout} is longer than the interval ${interval}. Write ${interval} or less.`,
    },
  ];
}

function checkDuration(text: string | undefined, path: Path): Fault[] {
  if (text === undefined) return [];
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0) return [];
  return [invalid(path, `Expected a duration above zero such as 30s or 1m30s, found ${quote(text)}.`)];
}

function checkNames(endpoints: readonly DocumentEndpoint[], path: Path): Fault[] {
  const repeated = repeatedBy(endpoints, ({ name }) => name);
  return repeated.map(({ index, first }) =>
    invalid(
      [...path, index, 'name'],
      `The name ${quote(endpoints[index]?.name ?? '')} is already that of ${formatPath([...path, first])}. Names of endpoints are unique in a ScrapeTarget: rename one.`,
    ),
  );
}

function checkSameness(endpoints: readonly DocumentEndpoint[], path: Path): Fault[] {
  return repeatedBy(endpoints, addressOf).map(({ index, first }) =>
    invalid(
      [...path, index],
      `This endpoint scrapes the same port and path as ${formatPath([...path, first])}, so every sample would be taken twice. Change one, or remove it.`,
    ),
  );
}

function addressOf({
  portNumber,
  port,
  targetPort,
  path,
  metricsPath,
  params = {},
}: DocumentEndpoint): string {
  const query = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([portNumber ?? port ?? targetPort, path ?? metricsPath ?? '/metrics', query]);
}

/** Positions of the elements whose key an earlier one has, with the position of the first. */
function repeatedBy<T>(
  elements: readonly T[],
  keyOf: (element: T) => string,
): { index: number; first: number }[] {
  const firsts = new Map<string, number>();
  return elements.flatMap((element, index) => {
    const key = keyOf(element);
    const first = firsts.get(key);
    if (first !== undefined) return [{ index, first }];
    firsts.set(key, index);
    return [];
  });
}
