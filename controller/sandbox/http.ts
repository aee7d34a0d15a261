import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { formatThrown, terminal } from '../errors.ts';
import { jsonFault, routeCall } from './call.ts';
import { kindOf } from './recorder.ts';
import { readRequest } from './request.ts';
import { AwsFault } from './service.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OperatorError } from '../errors.ts';
import type { Call } from './call.ts';
import type { SandboxClock } from './clock.ts';
import type { FaultEffect, Faults } from './faults.ts';
import type { Recorder } from './recorder.ts';
import type { SandboxResponse, SandboxService } from './service.ts';
import type { Throttle } from './throttle.ts';

export interface ServerParts {
  readonly services: readonly SandboxService[];
  readonly clock: SandboxClock;
  readonly recorder: Recorder;
  readonly throttle: Throttle;
  readonly faults: Faults;
  /** Bytes of the largest body that is read. */
  readonly bodyLimit: number;
}

/** No answer: the connection is cut. */
const RESET = Symbol('reset');
type Answer = SandboxResponse | typeof RESET;

const delay = (clock: SandboxClock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.schedule(ms, resolve));

function injectedError(effect: Extract<FaultEffect, { kind: 'error' }>): AwsFault {
  return new AwsFault(effect.code, effect.message ?? `Injected ${effect.code}.`, {
    ...(effect.status !== undefined && { status: effect.status }),
    ...(effect.fields !== undefined && { fields: { ...effect.fields } }),
  });
}

/** Effects that come before the operation; an answer here means that it never ran. */
async function before(parts: ServerParts, call: Call, effects: readonly FaultEffect[]) {
  for (const effect of effects) {
    if (effect.kind === 'latency') await delay(parts.clock, effect.ms);
    if (effect.kind === 'error' && effect.when !== 'after') throw injectedError(effect);
    if (effect.kind === 'reset' && effect.when === 'before') return RESET;
    if (effect.kind === 'emptyPage') {
      const page = call.emptyPage();
      if (page !== undefined) return page;
    }
  }
  return undefined;
}

function after(answer: SandboxResponse, effects: readonly FaultEffect[]): Answer {
  for (const effect of effects) {
    if (effect.kind === 'reset' && effect.when === 'after') return RESET;
    if (effect.kind === 'error' && effect.when === 'after') throw injectedError(effect);
  }
  return answer;
}

async function answerCall(parts: ServerParts, call: Call): Promise<Answer> {
  const throttled = parts.throttle.take(call.service, call.operation);
  if (throttled !== undefined) throw throttled;
  const effects = parts.faults.effectsOn(call);
  const early = await before(parts, call, effects);
  return early ?? after(await call.run(), effects);
}

/** A defect of the sandbox must look like one, not like a refusal by AWS. */
const toFault = (thrown: unknown): AwsFault =>
  thrown instanceof AwsFault
    ? thrown
    : new AwsFault(
        'InternalFailure',
        thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
        {
          status: 500,
        },
      );

function note(parts: ServerParts, call: Call, outcome: string): void {
  parts.recorder.record({
    service: call.service,
    operation: call.operation,
    kind: kindOf(call.operation),
    at: parts.clock.now(),
    input: call.input,
    outcome,
  });
}

async function perform(parts: ServerParts, call: Call): Promise<Answer> {
  try {
    const answer = await answerCall(parts, call);
    note(parts, call, answer === RESET ? 'reset' : 'ok');
    return answer;
  } catch (thrown) {
    const fault = toFault(thrown);
    note(parts, call, fault.code);
    return call.fault(fault);
  }
}

function send(response: ServerResponse, answer: SandboxResponse): void {
  const id = randomUUID();
  response.writeHead(answer.status, {
    'x-amzn-requestid': id,
    'x-amz-request-id': id,
    ...answer.headers,
  });
  response.end(answer.body);
}

async function serve(parts: ServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const request = await readRequest(message, parts.bodyLimit);
    const answer = await perform(parts, routeCall(parts.services, request));
    if (answer === RESET) message.socket.destroy();
    else send(response, answer);
  } catch (thrown) {
    if (message.socket.destroyed) return;
    send(response, jsonFault(toFault(thrown)));
  }
}

const portUnavailable = (port: number, cause: Error): OperatorError =>
  terminal({
    reason: 'PortUnavailable',
    message: formatThrown(cause),
    where: `127.0.0.1:${port}`,
    remedy: 'Choose another port, or none to get a free one.',
    cause,
  });

/** Listens on 127.0.0.1 only: the sandbox checks no credentials. */
export async function openServer(port: number): Promise<{ readonly server: Server; readonly port: number }> {
  // As patient as AWS with idle connections, so that a client that polls slowly keeps its own.
  const server = createServer({ keepAliveTimeout: 65_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portUnavailable(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : port };
}

export function serveOn(server: Server, parts: ServerParts): void {
  server.on('request', (message, response) => void serve(parts, message, response));
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
