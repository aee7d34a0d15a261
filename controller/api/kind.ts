import { describeValue, quote, type Fault } from './faults.ts';
import { textAt } from './locate.ts';
import type { YamlNode } from './yaml.ts';

export const API_VERSION = 'monitoring.ecs/v1alpha1';
export const KIND = 'ScrapeTarget';
const GROUP = 'monitoring.ecs';

export type Kind =
  | { readonly kind: 'ours' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign'; readonly what: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Whose document this is. What cannot be told, such as the remains of a file that was cut off, is refused
 * rather than passed over: a document that seems to have vanished would take its targets with it.
 */
export function kindOf(root: YamlNode): Kind {
  if (root.kind === 'scalar') return root.value === null ? { kind: 'empty' } : refused(root);
  if (root.kind === 'sequence') return { kind: 'foreign', what: 'a list' };
  const apiVersion = textAt(root, ['apiVersion']);
  const kind = textAt(root, ['kind']);
  if (kind === 'List' && textAt(root, ['items', 0, 'kind']) === KIND)
    return { kind: 'refused', fault: LIST_FAULT };
  if (!isOurs(root, apiVersion, kind)) return { kind: 'foreign', what: nameOf(apiVersion, kind) };
  if (apiVersion !== undefined && apiVersion !== API_VERSION)
    return { kind: 'refused', fault: versionFault(apiVersion) };
  if (kind !== undefined && kind !== KIND) return { kind: 'refused', fault: kindFault(kind) };
  return { kind: 'ours' };
}

function isOurs(root: YamlNode, apiVersion: string | undefined, kind: string | undefined): boolean {
  if (kind?.toLowerCase() === KIND.toLowerCase()) return true;
  if (apiVersion?.split('/')[0] === GROUP) return true;
  if (kind !== undefined) return false;
  return apiVersion !== undefined || textAt(root, ['spec', 'serviceRef', 'service']) !== undefined;
}

function refused(root: YamlNode & { readonly kind: 'scalar' }): Kind {
  const message = `Expected a document with apiVersion, kind, metadata and spec, found ${describeValue(root.value)}.`;
  return { kind: 'refused', fault: { path: [], reason: 'InvalidSpec', message } };
}

function nameOf(apiVersion: string | undefined, kind: string | undefined): string {
  if (kind === undefined) return 'a map without apiVersion and kind';
  return apiVersion === undefined ? quote(kind) : `${named(kind)} (${named(apiVersion)})`;
}

/** Names as Kubernetes has them are shown bare; anything else might upset a terminal. */
const named = (text: string): string => (/^[\w./-]{1,100}$/.test(text) ? text : quote(text));

const versionFault = (apiVersion: string): Fault => ({
  path: ['apiVersion'],
  reason: 'UnsupportedVersion',
  message: `The version ${quote(apiVersion)} is not known. Write "${API_VERSION}".`,
});

const kindFault = (kind: string): Fault => ({
  path: ['kind'],
  reason: 'UnsupportedKind',
  message: `The group ${GROUP} has no kind ${quote(kind)}. Write "${KIND}".`,
});

const LIST_FAULT: Fault = {
  path: ['kind'],
  reason: 'UnsupportedKind',
  message: 'A List is not read. Write each ScrapeTarget as a document of its own, with --- between them.',
};
