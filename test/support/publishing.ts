import { planPublication } from '../../controller/plan/publish-plan.ts';
import type { PublishChange, PublishPlan, PublishRequest } from '../../controller/plan/publish-plan.ts';
import type { DocumentFile } from '../../controller/api/types.ts';
import { document } from './scrape-world.ts';

export const TO = 's3://docs/targets/';
export const PRUNE = { maxPercent: 100, allowEmpty: false };

/** A document whose interval tells its versions apart. */
export const versioned = (name: string, interval = '30s'): string =>
  document('', `portNumber: 3000\ninterval: ${interval}`, name);

export const localFiles = (texts: Readonly<Record<string, string>>): DocumentFile[] =>
  Object.entries(texts).map(([path, text]) => ({ file: `targets/${path}`, text }));

export const remoteFiles = (texts: Readonly<Record<string, string>>, to = TO): DocumentFile[] =>
  Object.entries(texts).map(([path, text]) => ({ file: to + path, text, revision: `etag-of-${path}` }));

export function planOf(
  local: Readonly<Record<string, string>>,
  remote: Readonly<Record<string, string>>,
  request: Partial<PublishRequest> = {},
): PublishPlan {
  const to = request.to ?? TO;
  return planPublication({
    directory: 'targets/',
    to,
    local: localFiles(local),
    remote: { kind: 'complete', files: remoteFiles(remote, to) },
    prune: undefined,
    tier: 'standard',
    parsing: {},
    ...request,
  });
}

export const actionsOf = ({ changes }: PublishPlan): string[] =>
  changes.map(({ kind, path }) => `${kind} ${path}`);

export const reasonsOf = ({ blocked }: PublishPlan): string[] => blocked.map(({ reason }) => reason);

/** The destination after these changes. */
export function published(
  remote: Readonly<Record<string, string>>,
  changes: readonly PublishChange[],
): Readonly<Record<string, string>> {
  const after = new Map(Object.entries(remote));
  for (const change of changes) {
    if (change.kind === 'delete') after.delete(change.path);
    else after.set(change.path, change.after);
  }
  return Object.fromEntries(after);
}
