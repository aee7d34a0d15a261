import { Readable } from 'node:stream';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { Answer } from '../../controller/sandbox/effects/answer.ts';
import type { SandboxRequest } from '../../controller/sandbox/service.ts';

/** One request of the AWS SDK, as far as a simulation wants to know it. */
export interface SdkCall {
  /** `UpdateService` of a JSON service, `GET /bucket/key` of S3. */
  readonly operation: string;
  /** The JSON input; empty for S3. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Access key id of who calls. */
  readonly caller: string;
  readonly signal: AbortSignal | undefined;
  /** What an answer of the sandbox is for the SDK. */
  readonly receive: (answer: Answer) => unknown;
  readonly request: SandboxRequest;
}

export type CallHook = (call: SdkCall) => Promise<unknown>;

let hook: CallHook | undefined;
let patched = false;

/** Leads every request of every SDK client to `next` instead of a network; undefined ends that. */
export function interceptCalls(next: CallHook | undefined): void {
  hook = next;
  if (!patched) patch();
  patched = true;
}

function patch(): void {
  const client = new ECSClient({ region: 'us-east-1' });
  const prototype: object = Object.getPrototypeOf(client.config.requestHandler);
  client.destroy();
  const original: unknown = Reflect.get(prototype, 'handle');
  if (typeof original !== 'function') throw new Error('The SDK has another request handler than it had.');
  Reflect.set(prototype, 'handle', function handle(this: unknown, request: unknown, options: unknown) {
    if (hook === undefined) return Reflect.apply(original, this, [request, options]);
    const abortSignal: unknown = Reflect.get(Object(options), 'abortSignal');
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    const read = readRequest(Object(request));
    return hook({ ...describe(read), signal, request: read, receive });
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const textsOf = (value: unknown): [name: string, value: string][] =>
  Object.entries(Object(value)).map(([name, each]) => [name, textOf(each)]);

function readRequest(request: object): SandboxRequest {
  const { method, path, query, headers, body }: Readonly<Record<string, unknown>> = { ...request };
  return {
    method: textOf(method),
    path: decodeURIComponent(textOf(path)),
    query: new URLSearchParams(textsOf(query)),
    headers: Object.fromEntries(textsOf(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body:
      body instanceof Uint8Array
        ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
        : Buffer.from(textOf(body)),
  };
}

function describe({
  method,
  path,
  headers,
  body,
}: SandboxRequest): Pick<SdkCall, 'operation' | 'input' | 'caller'> {
  const caller = /\bCredential=([^/,\s]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const target = headers['x-amz-target'];
  if (target === undefined) return { operation: `${method} ${path}`, input: {}, caller };
  const input: Readonly<Record<string, unknown>> = { ...Object(JSON.parse(body.toString())) };
  return { operation: target.slice(target.indexOf('.') + 1), input, caller };
}

function receive(answer: Answer): unknown {
  if (answer.kind === 'reset' || answer.kind === 'silence')
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const { status, headers, body } = answer.response;
  const bytes = Buffer.from(body);
  const isCut = answer.kind === 'cutOff';
  // An object of S3 must be a stream; for anything else that would only take time.
  const isText = headers['content-type']?.includes('x-amz-json') === true && !isCut;
  return {
    response: { statusCode: status, headers: { ...headers }, body: isText ? bytes : streamOf(bytes, isCut) },
  };
}

function streamOf(bytes: Buffer, isCut: boolean): Readable {
  let sent = false;
  return new Readable({
    read() {
      if (!sent) this.push(bytes);
      else if (isCut) this.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
      else this.push(null);
      sent = true;
    },
  });
}
