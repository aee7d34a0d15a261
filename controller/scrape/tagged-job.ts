import type { MappingNode } from 'js-yaml';
import { terminal } from '../errors.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import type { TargetFile, TargetGroup } from '../state/targets.ts';
import type { ParsedBase } from './base-config.ts';
import { renderFileSd } from './file-sd.ts';
import { listNode, mapNode, textListNode, textNode } from './yaml.ts';

/** The job of the AWS sample for the targets that only tags ask for. */
const TAGGED_JOB = 'ecs_services';

/** `held` leaves the file as it is. */
export type TaggedTargets =
  { readonly kind: 'discovered'; readonly groups: readonly TargetGroup[] } | { readonly kind: 'held' };

export function taggedFile(tagged: TaggedTargets): TargetFile {
  return tagged.kind === 'held' ? { kind: 'keep' } : { kind: 'write', text: renderFileSd(tagged.groups) };
}

/** None where the base configuration has a job of its own for the file. */
export function taggedJob(base: ParsedBase): readonly MappingNode[] {
  if (readsTaggedFile(base) || base.jobNames.has(TAGGED_JOB)) return [];
  const files = textListNode([TAGGED_FILE]);
  return [mapNode({ job_name: textNode(TAGGED_JOB), file_sd_configs: listNode([mapNode({ files })]) })];
}

/** A job that has the name and reads something else would leave the targets without a job. */
export function checkTaggedJob(base: ParsedBase): void {
  if (!base.jobNames.has(TAGGED_JOB) || readsTaggedFile(base)) return;
  throw terminal({
    reason: 'InvalidBaseConfig',
    message: `The base configuration cannot be used. Its job ${TAGGED_JOB} does not read ${TAGGED_FILE}.`,
    where: base.uri,
    remedy: `Name ${TAGGED_FILE} in its file_sd_configs, or rename the job.`,
  });
}

/** Prometheus lets the last part of a path be a pattern with `*`. */
function readsTaggedFile({ targetFilePatterns }: ParsedBase): boolean {
  return targetFilePatterns.some((path) => {
    const parts = path.slice(path.lastIndexOf('/') + 1).split('*');
    const [first = '', ...rest] = parts;
    if (rest.length === 0) return first === TAGGED_FILE;
    const pattern = parts.map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
    return new RegExp(`^${pattern}$`).test(TAGGED_FILE);
  });
}
