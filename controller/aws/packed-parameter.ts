import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { terminal, transient, type OperatorError } from '../errors.ts';
import type { CallContext } from './budget.ts';
import { asRead } from './read.ts';
import type { SourceAccess } from './source-access.ts';

/** Text that a parameter, or several of them, hold. */
export interface PackedText {
  readonly text: string;
  /** Version of the parameter that has the name. */
  readonly version: number;
}

/** What a parameter of the standard tier holds. */
const MAX_PARAMETER_BYTES = 4096;
/** Writing takes a second and a half for each two: more would never be up to date. */
const MAX_PARTS = 100;
const NAMES_PER_CALL = 10;
const ATTEMPTS = 3;

/** The parameter that has the name, where the text is in others: `name.1`, `name.2` and so on, in these versions. */
interface Head {
  readonly sha256: string;
  readonly versions: readonly number[];
}

/**
 * Writes text of up to some hundred kilobytes, compressed. What does not fit into one parameter goes into numbered ones
 * first; then the one that has the name tells their versions. SSM keeps old versions, so that a reader sees one text
 * whole, also while the next one is written or after a write that was cut off. Returns the version.
 */
export async function writePacked(
  access: SourceAccess,
  name: string,
  text: string,
  context: CallContext,
): Promise<number> {
  const packed = await pack(text);
  if (packed.length <= MAX_PARAMETER_BYTES) return put(access, name, packed, context);
  const parts = packed.match(PARTS) ?? [];
  if (parts.length > MAX_PARTS) throw tooLarge(packed.length, context);
  const versions = await Promise.all(
    parts.map((part, index) => put(access, partName(name, index), part, context)),
  );
  const head: Head = { sha256: digestOf(packed), versions };
  return put(access, name, JSON.stringify(head), context);
}

const PARTS = new RegExp(`.{1,${MAX_PARAMETER_BYTES}}`, 'gs');
const partName = (name: string, index: number): string => `${name}.${index + 1}`;
const digestOf = (packed: string): string => createHash('sha256').update(packed).digest('hex').slice(0, 32);

async function put(
  { clients, budget }: SourceAccess,
  name: string,
  value: string,
  context: CallContext,
): Promise<number> {
  const client = await clients.ssm();
  const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
  const input = { Name: name, Value: value, Type: 'String' as const, Overwrite: true };
  const { Version } = await budget.call('ssm:PutParameter', context, (options) =>
    client.send(new PutParameterCommand(input), options),
  );
  if (Version !== undefined) return Version;
  throw transient({
    reason: 'UnreadableAnswer',
    where: context.where,
    message: 'SSM PutParameter did not tell which version it made.',
  });
}

/** Throws ParameterNotFound as SSM does. Text that was not packed here is returned as it is. */
export async function readPacked(
  access: SourceAccess,
  name: string,
  context: CallContext,
): Promise<PackedText> {
  for (let left = ATTEMPTS; ; left -= 1) {
    const { value, version } = await readHead(access, name, context);
    const head = parseHead(value);
    if (head === undefined) return { text: await unpack(value), version };
    const packed = await asRead(readParts(access, name, head, context));
    if (packed.kind === 'complete') return { text: await unpack(packed.value), version };
    // Somebody may have written so often meanwhile that the old versions are gone.
    const repeatable = packed.error.reason === 'IncompleteAnswer' && left > 1;
    if (!repeatable) throw packed.error;
  }
}

/** Version of the parameter that has the name. Throws ParameterNotFound as SSM does. */
export async function versionOfPacked(
  access: SourceAccess,
  name: string,
  context: CallContext,
): Promise<number> {
  return (await readHead(access, name, context)).version;
}

async function readHead(
  { clients, budget }: SourceAccess,
  name: string,
  context: CallContext,
): Promise<{ readonly value: string; readonly version: number }> {
  const client = await clients.ssm();
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const { Parameter } = await budget.call('ssm:GetParameter', context, (options) =>
    client.send(new GetParameterCommand({ Name: name }), options),
  );
  if (Parameter?.Value === undefined || Parameter.Version === undefined)
    throw transient({
      reason: 'IncompleteAnswer',
      where: context.where,
      message: 'SSM returned the parameter without its value or version.',
    });
  return { value: Parameter.Value, version: Parameter.Version };
}

async function readParts(
  access: SourceAccess,
  name: string,
  { versions, sha256 }: Head,
  context: CallContext,
): Promise<string> {
  const names = versions.map((version, index) => `${partName(name, index)}:${version}`);
  const batches = Array.from({ length: Math.ceil(names.length / NAMES_PER_CALL) }, (_, i) =>
    names.slice(i * NAMES_PER_CALL, (i + 1) * NAMES_PER_CALL),
  );
  const found = await Promise.all(batches.map((batch) => readValues(access, batch, context)));
  const values = new Map(found.flat());
  const packed = names.map((part) => values.get(part) ?? '').join('');
  if (digestOf(packed) === sha256) return packed;
  throw transient({
    reason: 'IncompleteAnswer',
    where: context.where,
    message: `The ${names.length} parameters that hold the text do not belong together.`,
    remedy: 'They are written anew with the next change.',
  });
}

async function readValues(
  { clients, budget }: SourceAccess,
  names: readonly string[],
  context: CallContext,
): Promise<readonly (readonly [string, string])[]> {
  const client = await clients.ssm();
  const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
  const { Parameters = [] } = await budget.call('ssm:GetParameters', context, (options) =>
    client.send(new GetParametersCommand({ Names: [...names] }), options),
  );
  return Parameters.flatMap(({ Name, Selector, Version, Value }) =>
    Value === undefined ? [] : [[`${Name ?? ''}${Selector ?? `:${Version ?? ''}`}`, Value] as const],
  );
}

/** Nothing that is packed begins like this. */
function parseHead(value: string): Head | undefined {
  if (!value.startsWith('{"sha256":')) return undefined;
  try {
    const parsed: Partial<Head> = { ...JSON.parse(value) };
    const { sha256, versions } = parsed;
    if (typeof sha256 !== 'string' || !Array.isArray(versions) || versions.length > MAX_PARTS)
      return undefined;
    return { sha256, versions: versions.map(Number) };
  } catch {
    return undefined;
  }
}

/** Twenty times the status of a thousand ScrapeTargets with ten tasks each. */
export const MAX_STATE_BYTES = 64 * 1024 * 1024;

/** Compressed, which also keeps out the double braces that SSM refuses. */
const pack = async (text: string): Promise<string> => (await promisify(gzip)(text)).toString('base64');

async function unpack(packed: string): Promise<string> {
  try {
    const options = { maxOutputLength: MAX_STATE_BYTES };
    return (await promisify(gunzip)(Buffer.from(packed, 'base64'), options)).toString('utf8');
  } catch {
    // Not packed by us: whoever reads it says so.
    return packed;
  }
}

function tooLarge(size: number, { where }: CallContext): OperatorError {
  return terminal({
    reason: 'StatusTooLarge',
    where,
    message: `It has ${size} bytes, compressed; ${MAX_PARTS} parameters hold ${MAX_PARTS * MAX_PARAMETER_BYTES}.`,
    remedy: 'Store it in S3: --state s3://bucket/prefix/. With --state off none is stored.',
  });
}
