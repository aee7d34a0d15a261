import { Readable } from 'node:stream';
import { ECSClient } from '@aws-sdk/client-ecs';

/** One request of the AWS SDK, as far as a simulation wants to know it. */
export interface SdkCall {
  /** `UpdateService` of a JSON service, `GET /bucket/key` of S3. */
  readonly operation: string;
  /** The JSON input; empty for S3. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
  /** Sends it, and waits for the whole answer. */
  readonly send: () => Promise<unknown>;
}

export type CallHook = (call: SdkCall) => Promise<unknown>;

let hook: CallHook | undefined;
let patched = false;

/** Leads every request of every SDK client through `next`, over HTTP still; undefined ends that. */
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
    // The hook decides when a call is over; a call that was sent is always answered.
    const send = async (): Promise<unknown> => readWhole(await Reflect.apply(original, this, [request, {}]));
    const abortSignal: unknown = Reflect.get(Object(options), 'abortSignal');
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    return hook({ ...describe(Object(request)), signal, send });
  });
}

function describe(request: object): Pick<SdkCall, 'operation' | 'input'> {
  const headers: object = Object(Reflect.get(request, 'headers'));
  const target: unknown = Reflect.get(headers, 'x-amz-target') ?? Reflect.get(headers, 'X-Amz-Target');
  const body: unknown = Reflect.get(request, 'body');
  if (typeof target !== 'string')
    return { operation: `${Reflect.get(request, 'method')} ${Reflect.get(request, 'path')}`, input: {} };
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
  return { operation: target.slice(target.indexOf('.') + 1), input: { ...Object(JSON.parse(text)) } };
}

/** The answer with its body in memory, so that no more of it is under way; a body that breaks off still does. */
async function readWhole(output: unknown): Promise<unknown> {
  const response: object = Object(Reflect.get(Object(output), 'response'));
  const body: unknown = Reflect.get(response, 'body');
  if (!(body instanceof Readable)) return output;
  const chunks: Buffer[] = [];
  let broken: Error | undefined;
  try {
    for await (const chunk of body) chunks.push(Buffer.from(chunk));
  } catch (thrown) {
    broken = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  Reflect.set(response, 'body', replay(chunks, broken));
  return output;
}

function replay(chunks: readonly Buffer[], broken: Error | undefined): Readable {
  const left = [...chunks];
  return new Readable({
    read() {
      const chunk = left.shift();
      if (chunk !== undefined) this.push(chunk);
      else if (broken === undefined) this.push(null);
      else this.destroy(broken);
    },
  });
}
