import type { Json } from './places.ts';

/** An XML answer as the structure that its reader sees: texts, members, and lists where an element repeats. */
export interface XmlAnswer {
  readonly prologue: string;
  readonly root: string;
  /** The attributes of the root, with the space before them: its namespace. */
  readonly attributes: string;
  readonly content: Json;
}

const DOCUMENT = /^(<\?.*?\?>\s*)?<(\w+)((?:\s[^>]*)?)>(.*)<\/\2>\s*$/s;

/** Elements of the sandbox's own making: no attributes, nothing but elements or nothing but text inside. */
const ELEMENT = /<(\w+)>(.*?)<\/\1>/gs;

function contentOf(inner: string): Json {
  const members = new Map<string, Json[]>();
  for (const [, name = '', content = ''] of inner.matchAll(ELEMENT))
    members.set(name, [...(members.get(name) ?? []), contentOf(content)]);
  if (members.size === 0) return inner;
  return Object.fromEntries(
    [...members].map(([name, values]): [string, Json] => {
      const [only = null] = values;
      return [name, values.length === 1 ? only : values];
    }),
  );
}

/** Undefined when the body is no XML document, such as the empty one of a deletion. */
export function readXml(body: string): XmlAnswer | undefined {
  const document = DOCUMENT.exec(body);
  if (document === null) return undefined;
  const [, prologue = '', root = '', attributes = '', inner = ''] = document;
  return { prologue, root, attributes, content: contentOf(inner) };
}

const element = (name: string, content: Json): string => `<${name}>${textOf(content)}</${name}>`;

/** Texts are kept as they were read, escapes included. */
function textOf(content: Json): string {
  if (content === null) return '';
  if (typeof content !== 'object') return String(content);
  if (Array.isArray(content)) return content.map((each: Json) => element('item', each)).join('');
  return Object.entries(content)
    .flatMap(([name, inner]) =>
      Array.isArray(inner) ? inner.map((each: Json) => element(name, each)) : [element(name, inner)],
    )
    .join('');
}

export const writeXml = ({ prologue, root, attributes, content }: XmlAnswer): string =>
  `${prologue}<${root}${attributes}>${textOf(content)}</${root}>`;
