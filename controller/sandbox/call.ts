import { emptyPage, restoreToken } from './effects/empty-page.ts';
import { listMembers } from './effects/lists.ts';
import { emptyS3Page, losePage, restoreS3Token, withMaxKeys } from './effects/s3-pages.ts';
import { AwsFault } from './service.ts';
import type { HttpService, JsonService, SandboxRequest, SandboxResponse, SandboxService } from './service.ts';

type Operations = JsonService['operations'];
type Eventual<T> = T | Promise<T>;

/** Another way to run a call than the caller asked for. */
export interface CallVariant {
  /** At most so many items on the page. */
  readonly pageSize?: number;
  /** The operations of another time. */
  readonly operations?: (() => Operations) | undefined;
}

/** One call, whatever protocol it came in. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  /** Access key id of the signature; undefined when there is none. */
  readonly caller: string | undefined;
  readonly input: unknown;
  readonly request: SandboxRequest;
  run(variant?: CallVariant): Eventual<SandboxResponse>;
  /** The same list call answered with an empty page and a token. */
  emptyPage(): Eventual<SandboxResponse>;
  /** The same list call answered with its first items alone, and no token. */
  lostPage(keep: number): Eventual<SandboxResponse>;
  fault(fault: AwsFault): SandboxResponse;
}

/** Cloud Map spells the member of its error shapes with a capital. */
const MESSAGE_MEMBER: Readonly<Record<string, string>> = { servicediscovery: 'Message' };

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

const jsonResponse = (status: number, body: unknown): SandboxResponse => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify(body ?? {}),
});

export const jsonFault = (fault: AwsFault, service = ''): SandboxResponse =>
  jsonResponse(fault.status, {
    __type: fault.code,
    [MESSAGE_MEMBER[service] ?? 'message']: fault.message,
    ...fault.fields,
  });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseInput(body: Buffer): Record<string, unknown> {
  const text = body.toString();
  try {
    const input: unknown = text === '' ? {} : JSON.parse(text);
    if (isRecord(input)) return input;
  } catch {
    // Told below: AWS does not say more either.
  }
  throw new AwsFault('SerializationException', 'The request body is not a JSON object.');
}

const unknownOperation = (): AwsFault => new AwsFault('UnknownOperationException', '');

const callerOf = ({ headers }: SandboxRequest): string | undefined =>
  /\bCredential=([^/,\s]+)\//.exec(headers['authorization'] ?? '')?.[1];

/** The first items of a list in an output, which says nothing of the others. */
function withoutRest(service: string, operation: string, output: unknown, keep: number): unknown {
  const list = listMembers(service, operation);
  if (list === undefined || !isRecord(output)) return output;
  const { [list.token]: _, ...rest } = output;
  const items = output[list.items];
  const first = Array.isArray(items)
    ? items.slice(0, keep)
    : Object.fromEntries(Object.entries(items ?? {}).slice(0, keep));
  return { ...rest, [list.items]: first };
}

function paged(service: string, operation: string, input: Record<string, unknown>, pageSize?: number) {
  const size = listMembers(service, operation)?.size;
  if (pageSize === undefined || size === undefined) return input;
  const asked = input[size];
  const most = Math.max(1, pageSize);
  return { ...input, [size]: typeof asked === 'number' ? Math.min(asked, most) : most };
}

function jsonCall(service: JsonService, operation: string, request: SandboxRequest): Call {
  if (!Object.hasOwn(service.operations, operation)) throw unknownOperation();
  const input = parseInput(request.body);
  const perform = ({ pageSize, operations = () => service.operations }: CallVariant = {}): unknown =>
    operations()[operation]?.(
      paged(service.name, operation, { ...restoreToken(service.name, operation, input) }, pageSize),
    );
  return {
    service: service.name,
    operation,
    caller: callerOf(request),
    input,
    request,
    run: (variant) => jsonResponse(200, perform(variant)),
    emptyPage: () => jsonResponse(200, emptyPage(service.name, operation, input)),
    lostPage: (keep) => jsonResponse(200, withoutRest(service.name, operation, perform(), keep)),
    fault: (fault) => jsonFault(fault, service.name),
  };
}

/** Only S3's list of objects has pages among the calls that are no JSON. */
function httpCall(service: HttpService, operation: string, sent: SandboxRequest): Call {
  const request = restoreS3Token(sent);
  return {
    service: service.name,
    operation,
    caller: callerOf(request),
    input: { method: sent.method, path: sent.path, query: Object.fromEntries(sent.query) },
    request,
    run: ({ pageSize } = {}) =>
      service.handle(
        pageSize === undefined ? request : withMaxKeys(request, Math.max(1, pageSize)),
        operation,
      ),
    emptyPage: async () => emptyS3Page(await service.handle(request, operation), request),
    lostPage: async (keep) => losePage(await service.handle(request, operation), keep),
    fault: (fault) => service.fault(fault, request),
  };
}

function findJson(services: readonly SandboxService[], prefix: string): JsonService {
  for (const service of services)
    if (service.protocol === 'json' && service.targetPrefix === prefix) return service;
  throw unknownOperation();
}

/** Finds out which service and operation a request is for. */
export function routeCall(services: readonly SandboxService[], request: SandboxRequest): Call {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const [prefix = '', operation = ''] = target.split('.');
    return jsonCall(findJson(services, prefix), operation, request);
  }
  for (const service of services) {
    const operation = service.protocol === 'http' ? service.operation(request) : undefined;
    if (service.protocol === 'http' && operation !== undefined) return httpCall(service, operation, request);
  }
  throw unknownOperation();
}
