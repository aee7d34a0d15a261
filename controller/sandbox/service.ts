import type { SandboxClock } from './clock.ts';

/** One HTTP request after the server has read it whole; aws-chunked bodies are already decoded. */
export interface SandboxRequest {
  readonly method: string;
  /** Decoded path without the query, for example `/bucket/some key`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** A service that speaks awsJson: an operation takes the parsed input and returns the output, or throws {@link AwsFault}. */
export interface JsonService {
  readonly protocol: 'json';
  /** Short name as in SDK endpoint variables: `ecs`, `servicediscovery`, `ssm`. */
  readonly name: string;
  /** Part of `X-Amz-Target` before the dot. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;
}

/** A service with a wire format of its own (S3, STS). */
export interface HttpService {
  readonly protocol: 'http';
  readonly name: string;
  readonly operationNames: readonly string[];
  /** Name of the operation that the request asks for; undefined when the request is not for this service. */
  operation(request: SandboxRequest): string | undefined;
  handle(request: SandboxRequest, operation: string): SandboxResponse | Promise<SandboxResponse>;
  /** How this protocol spells an error. */
  fault(fault: AwsFault, request: SandboxRequest): SandboxResponse;
}

export type SandboxService = JsonService | HttpService;

/** An error as AWS would answer it; `fields` are the further members of its shape. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; fields?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** What every service of one sandbox shares. */
export interface SandboxContext {
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
  /** Seeded: the same scenario gives the same ids. */
  random(): number;
  /** Called before any change of ECS or Cloud Map, so that what was can be remembered. */
  changing(): void;
}

/** What ECS needs of Cloud Map to register its tasks, as ECS does it with its service-linked role. */
export interface InstanceRegistry {
  /** The Cloud Map service behind a registry ARN; undefined when there is none. */
  registry(arn: string):
    | {
        readonly id: string;
        readonly arn: string;
        readonly namespaceType: 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP';
        /** Shared from another account. */
        readonly shared: boolean;
        /** For example `['A']`; empty for API-only services. */
        readonly recordTypes: readonly string[];
        readonly customHealth: boolean;
      }
    | undefined;
  /** Effective at once; the caller models the delay. */
  register(registryId: string, instanceId: string, attributes: Readonly<Record<string, string>>): void;
  deregister(registryId: string, instanceId: string): void;
  setHealth(registryId: string, instanceId: string, health: 'HEALTHY' | 'UNHEALTHY'): void;
}
