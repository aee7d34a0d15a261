import { SCALAR_STYLE } from 'js-yaml';
import type { MappingNode, Node, ScalarNode } from 'js-yaml';

/**
 * Whether two trees mean the same to every YAML reader. Styles may differ, but plain text stays plain and
 * quoted text quoted, because `yes` and `'yes'`, or nothing and `''`, are different things.
 */
export function sameMeaning(a: Node | null, b: Node | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === 'alias' || b.kind === 'alias')
    return a.kind === 'alias' && b.kind === 'alias' && a.anchor === b.anchor;
  if (a.anchor !== b.anchor || a.tagged !== b.tagged || (a.tagged && a.tag !== b.tag)) return false;
  if (a.kind === 'scalar')
    return b.kind === 'scalar' && a.value === b.value && isResolved(a) === isResolved(b);
  if (a.kind === 'sequence') return b.kind === 'sequence' && sameNodes(a.items, b.items);
  return b.kind === 'mapping' && sameNodes(keysAndValues(a), keysAndValues(b));
}

function sameNodes(a: readonly Node[], b: readonly Node[]): boolean {
  return a.length === b.length && a.every((node, index) => sameMeaning(node, b[index] ?? null));
}

function keysAndValues({ items }: MappingNode): readonly Node[] {
  return items.flatMap(({ key, value }) => [key, value]);
}

/** Plain text of one line may be a number, a boolean or null to its reader; all other text is text. */
function isResolved({ style, value }: ScalarNode): boolean {
  return style === SCALAR_STYLE.PLAIN && !value.includes('\n') && value !== '=';
}
