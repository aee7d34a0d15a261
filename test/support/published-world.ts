import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { DocumentFile } from '../../controller/api/types.ts';
import { planPublication } from '../../controller/plan/publish-plan.ts';
import type { PublishOutcome, PublishPlan, PublishRequest } from '../../controller/plan/publish-plan.ts';
import { publishDocuments } from '../../controller/reconcile/publish-documents.ts';
import { never, startAws } from '../aws/support.ts';
import type { AwsAtSandbox } from '../aws/support.ts';
import { localFiles } from './publishing.ts';

export interface PublishingWorld extends AwsAtSandbox {
  /** What a publication of these texts would change now. */
  plan(texts: Readonly<Record<string, string>>, request?: Partial<PublishRequest>): Promise<PublishPlan>;
  carryOut(plan: PublishPlan, revision?: string): Promise<readonly PublishOutcome[]>;
  /** As a source of the same URI reads them. */
  files(): Promise<readonly DocumentFile[]>;
  /** Text by path, as a source of the same URI reads it. */
  read(): Promise<Readonly<Record<string, string>>>;
}

/** A destination on the sandbox, with all that stands between a directory and it. */
export async function startPublishing(
  to: string,
  options: Parameters<typeof startAws>[0] = {},
): Promise<PublishingWorld> {
  const world = await startAws({ scenario: { name: 'empty' }, ...options });
  await world.box.s3.send(new CreateBucketCommand({ Bucket: 'docs' }));
  world.box.sandbox.recorder.clear();
  const store = world.aws.documentStore(to, { tier: 'standard' });
  const source = world.aws.source(to);
  const files = async () => {
    const snapshot = await source.read(never());
    if (snapshot.kind === 'incomplete') throw snapshot.error;
    return snapshot.files;
  };
  return {
    ...world,
    plan: async (texts, request = {}) =>
      planPublication({
        directory: 'targets',
        to: store.uri,
        local: localFiles(texts),
        remote: await source.read(never()),
        prune: undefined,
        tier: 'standard',
        parsing: {},
        ...request,
      }),
    carryOut: (plan, revision) =>
      publishDocuments(plan, store, { revision, progress: () => undefined }, never()),
    files,
    read: async () =>
      Object.fromEntries((await files()).map(({ file, text }) => [file.slice(store.uri.length), text])),
  };
}

/** `update a.yaml: written`, or the reason of the error. */
export const toldOf = (outcomes: readonly PublishOutcome[]): string[] =>
  outcomes.map(
    ({ change, result }) =>
      `${change.kind} ${change.path}: ${result.kind === 'failed' ? result.error.reason : result.kind}`,
  );
