import { OperatorError, sentence, terminal, toOperatorError, transient, waiting } from '../errors.ts';
import type { OperatorErrorDetails } from '../errors.ts';
import { apiTitle, iamAction } from './apis.ts';
import type { Api } from './apis.ts';

/** What was asked of AWS when the error came. */
export interface FailedCall {
  readonly api: Api;
  /** The resource the call was about, as a person would name it. */
  readonly where: string;
  /** The endpoint override in force, if any. */
  readonly endpoint?: string | undefined;
}

/**
 * Names under which AWS says "slow down". `LimitExceededException` is not among them, although the
 * SDK retries it: it is a permanent limit (too many tags) and retrying cannot help.
 */
const THROTTLES: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TooManyUpdates',
  'TransactionInProgressException',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

type Describe = (details: OperatorErrorDetails) => OperatorError;

interface Kind {
  readonly family: Describe;
  readonly reason: string;
  readonly names: readonly string[];
  readonly remedy: (call: FailedCall, thrown: Error) => string | undefined;
}

const CREDENTIALS_REMEDY =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE, or run with an ECS task role.';

/** What AWS names itself is what is missing: of a read of something that is not there, the permission to list. */
function accessRemedy(known: string, message: string): string {
  if (message.includes('with an explicit deny'))
    return 'A policy denies it, which outranks every permission: change that policy.';
  const named = /\bperform: ([a-z0-9-]+:\w+)/.exec(message)?.[1];
  const action = named === undefined || known.includes(named) ? known : named;
  return `Allow the action ${action} in the IAM policy of the caller: scrapectl iam prints the policy of each verb.`;
}

const KINDS: readonly Kind[] = [
  {
    family: transient,
    reason: 'Throttled',
    names: [...THROTTLES],
    remedy: () => 'The call is repeated more slowly.',
  },
  {
    family: terminal,
    reason: 'AccessDenied',
    names: [
      'AccessDenied',
      'AccessDeniedException',
      'AuthorizationError',
      'Forbidden',
      'NotAuthorized',
      'UnauthorizedOperation',
    ],
    remedy: ({ api }, thrown) => accessRemedy(iamAction(api), thrown.message),
  },
  {
    family: terminal,
    reason: 'CredentialsExpired',
    names: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
    remedy: () => 'Renew the AWS credentials (for example with `aws sso login`).',
  },
  {
    family: terminal,
    reason: 'CredentialsMissing',
    names: ['CredentialsProviderError', 'MissingAuthenticationToken', 'TokenProviderError'],
    remedy: () => CREDENTIALS_REMEDY,
  },
  {
    family: terminal,
    reason: 'CredentialsInvalid',
    names: [
      'AuthFailure',
      'IncompleteSignature',
      'InvalidAccessKeyId',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'MissingAuthenticationTokenException',
      'OptInRequired',
      'SignatureDoesNotMatch',
      'UnrecognizedClientException',
    ],
    remedy: () =>
      'Check that the AWS credentials are valid for this account and region, and the clock of this machine.',
  },
  {
    family: terminal,
    reason: 'NotFound',
    names: [
      'ClusterNotFoundException',
      'InstanceNotFound',
      'NamespaceNotFound',
      'NamespaceNotFoundException',
      'NoSuchBucket',
      'NoSuchKey',
      'NotFound',
      'OperationNotFound',
      'ParameterNotFound',
      'ResourceNotFoundException',
      'ServiceNotActiveException',
      'ServiceNotFound',
      'ServiceNotFoundException',
    ],
    remedy: () => 'Check the name, the region and the account.',
  },
  {
    family: terminal,
    reason: 'LimitExceeded',
    names: [
      'LimitExceededException',
      'ResourceLimitExceeded',
      'ServiceAttributesLimitExceededException',
      'TooManyTagsException',
    ],
    remedy: () => 'Remove what is no longer needed, or ask AWS to raise the quota.',
  },
  {
    family: waiting,
    reason: 'Busy',
    names: ['ConflictException', 'DuplicateRequest', 'ResourceInUse', 'UpdateInProgressException'],
    remedy: () => undefined,
  },
  {
    family: terminal,
    reason: 'Unsupported',
    names: ['NotImplemented', 'UnknownOperation', 'UnknownOperationException', 'UnsupportedFeatureException'],
    remedy: () => 'The endpoint does not offer this operation.',
  },
];

const KIND_BY_NAME: ReadonlyMap<string, Kind> = new Map(
  KINDS.flatMap((kind) => kind.names.map((name) => [name, kind] as const)),
);

/** Puts anything that an AWS call threw into one of the three families; says which call and which resource. */
export function classifyAwsError(thrown: unknown, call: FailedCall): OperatorError {
  if (thrown instanceof OperatorError) return thrown;
  if (!(thrown instanceof Error)) return toOperatorError(thrown);
  return (
    fromInterruption(thrown, call) ??
    fromName(thrown, call) ??
    fromNetwork(thrown, call) ??
    fromStatus(thrown, call)
  );
}

/** The AWS error name behind an error that {@link classifyAwsError} made. */
export function awsErrorName(error: OperatorError): string | undefined {
  return error.cause instanceof Error ? error.cause.name : undefined;
}

export function isThrottle(thrown: unknown): boolean {
  return thrown instanceof Error && (THROTTLES.has(thrown.name) || httpStatus(thrown) === 429);
}

/** The same request, signed again, would be accepted: the SDK has corrected its idea of the time. */
export function isClockSkewCorrected(thrown: unknown): boolean {
  return metadata(thrown)['clockSkewCorrected'] === true;
}

/** No answer came, or not a whole one: a write may have had its effect all the same. */
export function isAmbiguous(error: OperatorError): boolean {
  return error.family === 'transient' && error.reason !== 'Throttled';
}

function fromInterruption(thrown: Error, call: FailedCall): OperatorError | undefined {
  return thrown.name === 'AbortError' ? interrupted(call, thrown) : undefined;
}

export function interrupted(call: FailedCall, cause?: Error): OperatorError {
  return transient({
    reason: 'Interrupted',
    where: call.where,
    message: `${apiTitle(call.api)} was interrupted.`,
    cause,
  });
}

function fromName(thrown: Error, call: FailedCall): OperatorError | undefined {
  const kind =
    KIND_BY_NAME.get(thrown.name) ?? (isThrottle(thrown) ? KIND_BY_NAME.get('Throttling') : undefined);
  if (kind !== undefined) {
    const remedy = kind.remedy(call, thrown);
    return kind.family({
      reason: kind.reason,
      where: call.where,
      message: told(thrown, call),
      cause: thrown,
      ...(remedy !== undefined && { remedy }),
    });
  }
  return thrown.message.startsWith('Region is missing') ? regionMissing(thrown) : undefined;
}

export function regionMissing(cause: unknown): OperatorError {
  return terminal({
    reason: 'RegionMissing',
    message: 'No AWS region is set.',
    remedy: 'Set --region, AWS_REGION, or `region` in the profile of ~/.aws/config.',
    cause,
  });
}

function fromNetwork(thrown: Error, call: FailedCall): OperatorError | undefined {
  const code = networkCode(thrown);
  // The SDK calls a reset connection a TimeoutError too; the code of the socket knows better.
  const named = thrown.name === 'TimeoutError' || thrown.name.startsWith('RequestTimeout');
  const timedOut = code === 'ETIMEDOUT' || (code === undefined && named);
  if (code === undefined && !timedOut) return undefined;
  const at = call.endpoint === undefined ? '' : ` at ${call.endpoint}`;
  return transient({
    reason: timedOut ? 'Timeout' : 'Unreachable',
    where: call.where,
    message: `${apiTitle(call.api)} got no answer${at}: ${networkText(thrown, code)}.`,
    cause: thrown,
    remedy: networkRemedy(code, call),
  });
}

function networkRemedy(code: string | undefined, { endpoint }: FailedCall): string {
  if (endpoint === undefined)
    return 'Check the region and the network of this machine: names, routes, VPC endpoints.';
  return code === 'ECONNREFUSED'
    ? `Check that something listens on ${endpoint}.`
    : `Check that ${endpoint} is the right endpoint and can be reached.`;
}

function fromStatus(thrown: Error, call: FailedCall): OperatorError {
  const status = httpStatus(thrown);
  const details = { where: call.where, message: told(thrown, call), cause: thrown };
  if (status !== undefined && status >= 400 && status < 500)
    return terminal({ ...details, reason: 'InvalidRequest' });
  return transient({ ...details, reason: status === undefined ? 'UnreadableAnswer' : 'ServiceError' });
}

function told(thrown: Error, call: FailedCall): string {
  // An answer without words: the SDK puts this in their place.
  const text = ['', 'UnknownError'].includes(thrown.message) ? thrown.name : thrown.message;
  const named = text.includes(thrown.name) ? text : `${thrown.name}: ${text}`;
  return sentence(`${apiTitle(call.api)} failed: ${named.slice(0, 600)}`);
}

/** The code of a socket error; a host with several addresses fails with an AggregateError whose message is empty. */
function networkCode(thrown: Error): string | undefined {
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
  if (NETWORK_CODES.has(code)) return code;
  return thrown.cause instanceof Error ? networkCode(thrown.cause) : undefined;
}

function networkText(thrown: Error, code: string | undefined): string {
  const first =
    thrown instanceof AggregateError ? thrown.errors.find((each) => each instanceof Error) : undefined;
  const text = first instanceof Error ? first.message : thrown.message;
  const [, ms, what] = /(?:within|configured) (\d+) ?ms( requestTimeout)?/.exec(text) ?? [];
  if (ms !== undefined)
    return `${what === undefined ? 'no connection' : 'none'} within ${Number(ms) / 1000} s`;
  return text === '' ? (code ?? thrown.name) : text.replace(/\.$/, '');
}

function httpStatus(thrown: unknown): number | undefined {
  const status = metadata(thrown)['httpStatusCode'];
  return typeof status === 'number' ? status : undefined;
}

function metadata(thrown: unknown): Readonly<Record<string, unknown>> {
  if (typeof thrown !== 'object' || thrown === null || !('$metadata' in thrown)) return {};
  const found = thrown.$metadata;
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
