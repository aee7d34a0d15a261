import { emptyPage, restoreToken } from './empty-pages.ts';
import { AwsFault } from './service.ts';
import type { HttpService, JsonService, SandboxRequest, SandboxResponse, SandboxService } from './service.ts';

/** One call, whatever protocol it came in. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  run(): SandboxResponse | Promise<SandboxResponse>;
  /** The same call answered with an empty page; undefined when it is no list. */
  emptyPage(): SandboxResponse | undefined;
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

function jsonCall(service: JsonService, operation: string, request: SandboxRequest): Call {
  const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (run === undefined) throw unknownOperation();
  const input = parseInput(request.body);
  return {
    service: service.name,
    operation,
    input,
    run: () => jsonResponse(200, run({ ...restoreToken(service.name, operation, input) })),
    emptyPage() {
      const page = emptyPage(service.name, operation, input);
      return page === undefined ? undefined : jsonResponse(200, page);
    },
    fault: (fault) => jsonFault(fault, service.name),
  };
}

const httpCall = (service: HttpService, operation: string, request: SandboxRequest): Call => ({
  service: service.name,
  operation,
  input: { method: request.method, path: request.path, query: Object.fromEntries(request.query) },
  run: () => service.handle(request, operation),
  emptyPage: () => undefined,
  fault: (fault) => service.fault(fault, request),
});

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
