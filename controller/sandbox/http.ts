import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { formatThrown, sentence, terminal } from '../errors.ts';
import { jsonFault, routeCall } from './call.ts';
import { performEffect } from './effects/perform.ts';
import { kindOf } from './recorder.ts';
import { readRequest } from './request.ts';
import { AwsFault } from './service.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OperatorError } from '../errors.ts';
import type { Answer } from './effects/answer.ts';
import type { Call } from './call.ts';
import type { EffectParts } from './effects/perform.ts';
import type { Faults } from './faults.ts';
import type { Iam } from './iam/iam.ts';
import type { Recorder } from './recorder.ts';
import type { SandboxRequest, SandboxResponse, SandboxService } from './service.ts';
import type { Throttle } from './throttle.ts';

export interface ServerParts extends EffectParts {
  readonly services: readonly SandboxService[];
  readonly recorder: Recorder;
  readonly throttle: Throttle;
  readonly faults: Faults;
  readonly iam: Iam;
  /** Bytes of the largest body that is read. */
  readonly bodyLimit: number;
}

/** What became of a call, beside its answer. */
interface Trace {
  done: boolean;
  fault: string | undefined;
}

/** The same call, which notes that it was done. */
function traced(call: Call, trace: Trace): Call {
  const noting = async (run: () => SandboxResponse | Promise<SandboxResponse>): Promise<SandboxResponse> => {
    const answer = await run();
    trace.done = true;
    return answer;
  };
  return {
    ...call,
    run: (variant) => noting(() => call.run(variant)),
    lostPage: (keep) => noting(() => call.lostPage(keep)),
  };
}

async function answerCall(parts: ServerParts, call: Call, trace: Trace): Promise<Answer> {
  parts.iam.authorize(call);
  const throttled = parts.throttle.take(call.service, call.operation);
  if (throttled !== undefined) throw throttled;
  const strike = parts.faults.strike(call);
  if (strike === undefined) return { kind: 'response', response: await call.run() };
  trace.fault = strike.effect.kind;
  return performEffect(strike, call, parts);
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

const OUTCOMES: Readonly<Record<Answer['kind'], string>> = {
  response: 'ok',
  cutOff: 'ok',
  reset: 'reset',
  silence: 'timeout',
};

function note(parts: ServerParts, call: Call, { done, fault }: Trace, outcome: string): void {
  parts.recorder.record({
    service: call.service,
    operation: call.operation,
    kind: kindOf(call.operation),
    ...(call.caller !== undefined && { caller: call.caller }),
    at: parts.clock.now(),
    input: call.input,
    outcome,
    done,
    ...(fault !== undefined && { fault }),
  });
}

async function perform(parts: ServerParts, call: Call): Promise<Answer> {
  const trace: Trace = { done: false, fault: undefined };
  try {
    const answer = await answerCall(parts, traced(call, trace), trace);
    note(parts, call, trace, OUTCOMES[answer.kind]);
    return answer;
  } catch (thrown) {
    const fault = toFault(thrown);
    note(parts, call, trace, fault.code);
    return { kind: 'response', response: call.fault(fault) };
  }
}

function writeHead(response: ServerResponse, answer: SandboxResponse): void {
  const id = randomUUID();
  response.writeHead(answer.status, {
    'x-amzn-requestid': id,
    'x-amz-request-id': id,
    ...answer.headers,
  });
}

function send(response: ServerResponse, answer: SandboxResponse): void {
  writeHead(response, answer);
  response.end(answer.body);
}

function finish(message: IncomingMessage, response: ServerResponse, answer: Answer): void {
  switch (answer.kind) {
    case 'response':
      send(response, answer.response);
      return;
    case 'cutOff':
      writeHead(response, answer.response);
      response.write(answer.response.body, () => message.socket.destroy());
      return;
    case 'reset':
      message.socket.destroy();
      return;
    case 'silence':
      return;
  }
}

/** Answers one request, without a connection that the answer could go through. */
export const answerRequest = async (parts: ServerParts, request: SandboxRequest): Promise<Answer> =>
  perform(parts, routeCall(parts.services, request));

async function serve(parts: ServerParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const request = await readRequest(message, parts.bodyLimit);
    finish(message, response, await answerRequest(parts, request));
  } catch (thrown) {
    if (message.socket.destroyed) return;
    send(response, jsonFault(toFault(thrown)));
  }
}

const portUnavailable = (port: number, cause: Error): OperatorError =>
  terminal({
    reason: 'PortUnavailable',
    message: `The sandbox cannot listen here: ${sentence(formatThrown(cause))}`,
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
