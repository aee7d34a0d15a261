import type { ParameterTier as AwsTier, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { ParameterTier } from '../plan/publish-limits.ts';
import type { PublishChange, StoredDocument } from '../plan/publish-plan.ts';
import type { DocumentStore } from '../reconcile/ports.ts';
import type { CallContext } from './budget.ts';
import { awsErrorName } from './errors.ts';
import { conflict, settle } from './publish-settle.ts';
import type { ConditionalWrite, PublishAccess, Setback } from './publish-settle.ts';

/**
 * Documents as parameters. SSM has no conditional overwrite: the version is compared right before a write, and the
 * version that the write made tells whether somebody came in between.
 */
export function ssmStore(
  access: PublishAccess,
  { path, tier }: { readonly path: string; readonly tier: ParameterTier },
): DocumentStore {
  const uri = `ssm://${path}`;
  return {
    uri,
    apply(change, revision, signal) {
      const name = path + change.path;
      const context = { where: uri + change.path, signal };
      if (change.kind === 'delete') return remove(access, name, change, context);
      return put(access, change, putInput(name, change, revision, tier), context);
    },
  };
}

const TIERS: Readonly<Record<ParameterTier, AwsTier>> = {
  standard: 'Standard',
  advanced: 'Advanced',
  intelligent: 'Intelligent-Tiering',
};

type Put = Exclude<PublishChange, { kind: 'delete' }>;

/**
 * An overwrite leaves the type, so that a SecureString stays one, and never carries tags. It names no standard tier
 * either: a parameter that is advanced cannot go back.
 */
function putInput(
  name: string,
  change: Put,
  revision: string | undefined,
  tier: ParameterTier,
): PutParameterCommandInput {
  const overwrite = change.kind === 'update';
  return {
    Name: name,
    Value: change.after,
    Overwrite: overwrite,
    Description: `ScrapeTarget document published by scrapectl${revision === undefined ? '' : `, revision ${revision}`}`,
    ...(!overwrite && { Type: 'String' as const }),
    ...(!(overwrite && tier === 'standard') && { Tier: TIERS[tier] }),
  };
}

async function put(
  access: PublishAccess,
  change: Put,
  input: PutParameterCommandInput,
  context: CallContext,
): Promise<StoredDocument> {
  const client = await access.clients.ssm();
  const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
  const name = input.Name ?? '';
  const send = async (): Promise<string | undefined> => {
    if (change.kind === 'update') await requireVersion(access, name, change.version, context);
    const { Version } = await access.budget.call('ssm:PutParameter', context, (options) =>
      client.send(new PutParameterCommand(input), options),
    );
    if (Version === undefined) return undefined;
    await requireNothingLost(access, name, change, Version, context);
    return String(Version);
  };
  const landed = async (lost: boolean): Promise<boolean> => {
    const current = await currentParameter(access, name, context);
    if (current?.text !== change.after) return false;
    if (lost) await requireNothingLost(access, name, change, Number(current.version), context);
    return true;
  };
  const write: ConditionalWrite = { where: context.where, send, landed, setback };
  return settle(write, access.clock, context.signal);
}

/** A version that is not the next one means that ours replaced another; when that one said the same, all is well. */
async function requireNothingLost(
  access: PublishAccess,
  name: string,
  change: Put,
  version: number,
  context: CallContext,
): Promise<void> {
  if (change.kind === 'create' || version <= Number(change.version) + 1) return;
  const replaced = await currentParameter(access, `${name}:${version - 1}`, context);
  if (replaced?.text !== change.after) throw overwritten(context.where, change.version, version);
}

async function remove(
  access: PublishAccess,
  name: string,
  { version }: { readonly version: string },
  context: CallContext,
): Promise<StoredDocument> {
  const client = await access.clients.ssm();
  const { DeleteParameterCommand } = await import('@aws-sdk/client-ssm');
  const send = async (): Promise<undefined> => {
    await requireVersion(access, name, version, context);
    await access.budget.call('ssm:DeleteParameter', context, (options) =>
      client.send(new DeleteParameterCommand({ Name: name }), options),
    );
  };
  const landed = async () => (await currentParameter(access, name, context)) === undefined;
  const write: ConditionalWrite = { where: context.where, send, landed, setback };
  return settle(write, access.clock, context.signal);
}

async function requireVersion(
  access: PublishAccess,
  name: string,
  version: string,
  context: CallContext,
): Promise<void> {
  const current = await currentParameter(access, name, context);
  if (current?.version !== version) throw conflict(context.where);
}

/** Undefined when there is no such parameter, or no such version of it. */
async function currentParameter(
  access: PublishAccess,
  name: string,
  context: CallContext,
): Promise<{ readonly text: string | undefined; readonly version: string } | undefined> {
  const client = await access.clients.ssm();
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  try {
    const { Parameter } = await access.budget.call('ssm:GetParameter', context, (options) =>
      client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), options),
    );
    if (Parameter?.Version === undefined) throw withoutVersion(context.where);
    return { text: Parameter.Value, version: String(Parameter.Version) };
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

const MISSING: readonly string[] = ['ParameterNotFound', 'ParameterVersionNotFound'];

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.cause instanceof Error && MISSING.includes(thrown.cause.name);

const withoutVersion = (where: string): OperatorError =>
  transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'SSM returned the parameter without its version.',
  });

/** The write is done and cannot be taken back, so that it must be told. */
function overwritten(where: string, before: string, version: number): OperatorError {
  return terminal({
    reason: 'PublishOverwrote',
    where,
    message: `Somebody else wrote it at the same moment: version ${before} was read, and ours became version ${version}.`,
    remedy: `Compare with version ${version - 1} in the parameter's history, and publish again.`,
  });
}

function setback(error: OperatorError): Setback {
  const known = ['ParameterAlreadyExists', 'ParameterNotFound'].includes(awsErrorName(error) ?? '');
  return known || error.reason === 'PublishConflict' ? 'conflict' : 'final';
}
