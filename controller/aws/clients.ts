import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { S3Client } from '@aws-sdk/client-s3';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { terminal } from '../errors.ts';
import { regionMissing } from './errors.ts';

export interface ClientOptions {
  /** Default: AWS_REGION, the region of the profile, AWS_DEFAULT_REGION; with an endpoint of one's own any will do. */
  readonly region?: string | undefined;
  /** Endpoint of every service; the SDK's own AWS_ENDPOINT_URL is honoured too. */
  readonly endpointUrl?: string | undefined;
  /** Default: the SDK's chain (environment, profile, task role, instance role). */
  readonly credentials?: Credentials | undefined;
  readonly requestTimeoutMs?: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** SDK clients, each made when it is first asked for; S3, SSM, STS and CloudWatch Logs are not even loaded before. */
export interface AwsClients {
  /** The endpoint override in force for all services, for messages. */
  readonly endpoint: string | undefined;
  ecs(): ECSClient;
  cloudMap(): ServiceDiscoveryClient;
  s3(): Promise<S3Client>;
  ssm(): Promise<SSMClient>;
  sts(): Promise<STSClient>;
  logs(): Promise<CloudWatchLogsClient>;
  /** The region that calls go to; throws a terminal error when none is set. */
  region(): Promise<string>;
  close(): void;
}

interface Client {
  readonly middlewareStack: { remove(name: string): boolean };
  destroy(): void;
}

const CONNECTION_TIMEOUT_MS = 3000;
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * The SDK prints a notice about the end of Node.js 20 to stderr, once per process. It is for those
 * who choose the SDK's version, not for those who run this program. Only the exact text `true` works.
 */
const NODE_NOTICE_SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

export function createClients(options: ClientOptions, environment = process.env): AwsClients {
  process.env[NODE_NOTICE_SWITCH] ??= 'true';
  const endpoint = options.endpointUrl ?? environment['AWS_ENDPOINT_URL'];
  if (endpoint !== undefined) requireUrl(endpoint);
  const fallback = environment['AWS_DEFAULT_REGION'] ?? (endpoint === undefined ? undefined : ANY_REGION);
  const config = { ...clientConfig(options), ...regionConfig(options.region, fallback) };
  const open: Client[] = [];
  const kept = <C extends Client>(client: C): C => {
    // It copies every answer for a log that nobody keeps.
    client.middlewareStack.remove('loggerMiddleware');
    open.push(client);
    return client;
  };
  const ecs = once(() => kept(new ECSClient(config)));
  return {
    endpoint,
    ecs,
    cloudMap: once(() => {
      const custom = (endpoint ?? environment['AWS_ENDPOINT_URL_SERVICEDISCOVERY']) !== undefined;
      return kept(new ServiceDiscoveryClient({ ...config, ...(custom && NO_HOST_PREFIX) }));
    }),
    s3: once(async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      const custom = (endpoint ?? environment['AWS_ENDPOINT_URL_S3']) !== undefined;
      return kept(new S3Client({ ...config, ...(custom ? PATH_STYLE : FIND_REGION) }));
    }),
    ssm: once(async () => {
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      return kept(new SSMClient(config));
    }),
    sts: once(async () => {
      const { STSClient } = await import('@aws-sdk/client-sts');
      return kept(new STSClient(config));
    }),
    logs: once(async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return kept(new CloudWatchLogsClient(config));
    }),
    async region() {
      try {
        return await ecs().config.region();
      } catch (thrown) {
        throw regionMissing(thrown);
      }
    },
    close() {
      for (const client of open) client.destroy();
    },
  };
}

/** Cloud Map's Discover calls go to `data-<host>`, which a custom endpoint does not answer to. */
const NO_HOST_PREFIX = { disableHostPrefix: true };
/** A custom endpoint seldom answers to `<bucket>.<host>`. */
const PATH_STYLE = { forcePathStyle: true };
/** A bucket may live in another region than what is observed. */
const FIND_REGION = { followRegionRedirects: true };

/** One attempt only: retries belong to the budget, which knows the rates that AWS allows. */
function clientConfig(options: ClientOptions) {
  return {
    maxAttempts: 1,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      // The request timeout ends with the headers; this one guards the body.
      socketTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    },
    ...(options.endpointUrl !== undefined && { endpoint: options.endpointUrl }),
    ...(options.credentials !== undefined && { credentials: { ...options.credentials } }),
  };
}

/** A custom endpoint is one region, whatever it is called. */
const ANY_REGION = 'us-east-1';

/** What the SDK finds goes before the fallback. AWS_DEFAULT_REGION is known to the AWS CLI, but not to this SDK. */
function regionConfig(region: string | undefined, fallback: string | undefined) {
  if (region !== undefined) return { region };
  if (fallback === undefined) return {};
  return {
    async region() {
      const probe = new ECSClient({});
      try {
        return await probe.config.region();
      } catch {
        return fallback;
      } finally {
        probe.destroy();
      }
    },
  };
}

function requireUrl(endpoint: string): void {
  if (/^https?:\/\/[^/]/.test(endpoint) && URL.canParse(endpoint)) return;
  throw terminal({
    reason: 'InvalidEndpoint',
    where: endpoint,
    message: 'The AWS endpoint is not a URL.',
    remedy: 'Write it with its scheme, for example http://127.0.0.1:4566.',
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
