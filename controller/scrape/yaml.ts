import { COLLECTION_STYLE, FAILSAFE_SCHEMA, SCALAR_STYLE, present } from 'js-yaml';
import type { Document, MappingNode, Node, ScalarNode, SequenceNode } from 'js-yaml';

/**
 * YAML trees in which every scalar is text with its style. Without a schema nothing is turned into
 * numbers or booleans and back, so what a person wrote reaches Prometheus as it was written.
 */
export const TEXT_SCHEMA = FAILSAFE_SCHEMA;

const BASE = { tagged: false } as const;

/** Text that no YAML reader takes for a number, a boolean, null or a date. */
const PLAIN_TEXT = /^[A-Za-z_/][\w./-]*$/;
const YAML_WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

export function textNode(value: string): ScalarNode {
  const plain = PLAIN_TEXT.test(value) && !YAML_WORDS.test(value);
  return scalar(value, plain ? SCALAR_STYLE.PLAIN : SCALAR_STYLE.SINGLE_QUOTED);
}

/** A number or boolean, printed as itself. */
export function literalNode(value: number | boolean): ScalarNode {
  return scalar(String(value), SCALAR_STYLE.PLAIN);
}

function scalar(value: string, style: ScalarNode['style']): ScalarNode {
  return { ...BASE, kind: 'scalar', tag: 'tag:yaml.org,2002:str', style, value };
}

export function listNode(items: Node[], style: SequenceNode['style'] = COLLECTION_STYLE.BLOCK): SequenceNode {
  return { ...BASE, kind: 'sequence', tag: 'tag:yaml.org,2002:seq', style, items };
}

export function textListNode(values: readonly string[]): SequenceNode {
  return listNode(values.map(textNode), COLLECTION_STYLE.FLOW);
}

/** Keys whose value is undefined are left out. */
export function mapNode(fields: Readonly<Record<string, Node | undefined>>): MappingNode {
  const items = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key: textNode(key), value }],
  );
  return { ...BASE, kind: 'mapping', tag: 'tag:yaml.org,2002:map', style: COLLECTION_STYLE.BLOCK, items };
}

/** Long lines are never folded: a folded scalar is harder to review than a long line. */
export function printYaml(documents: Document[]): string {
  return present(documents, { schema: TEXT_SCHEMA, lineWidth: -1 });
}
