import type { AwsFault, SandboxRequest, SandboxResponse } from '../service.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Also control characters, which S3 writes as references although XML 1.0 knows no such character. */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"'\p{Cc}]/gu,
    (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
    if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
    return NAMED[String(name)] ?? whole;
  });
}

export type XmlContent = string | number | boolean | readonly XmlElement[];
export type XmlElement = readonly [name: string, content: XmlContent | undefined];

/** Elements whose content is undefined are left out. */
export function xml(content: XmlContent): string {
  if (typeof content !== 'object') return escapeXml(String(content));
  return content
    .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${xml(inner)}</${name}>`))
    .join('');
}

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export const xmlResponse = (root: string, content: XmlContent): SandboxResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `${PROLOGUE}<${root} xmlns="${NAMESPACE}">${xml(content)}</${root}>`,
});

/** Answers to HEAD and 304 carry no body, so their reader sees the status alone. */
export function errorResponse(
  fault: AwsFault,
  request: SandboxRequest,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  if (request.method === 'HEAD' || fault.status === 304) return { status: fault.status, headers, body: '' };
  const fields = Object.entries(fault.fields).map(([name, value]): XmlElement => [name, String(value)]);
  const elements: XmlElement[] = [['Code', fault.code], ['Message', fault.message], ...fields];
  return {
    status: fault.status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `${PROLOGUE}<Error>${xml(elements)}</Error>`,
  };
}
