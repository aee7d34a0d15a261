import {
  COLLECTION_STYLE,
  SCALAR_STYLE,
  YAMLException,
  eventsToAst,
  load,
  mergeTag,
  parseEvents,
  visit,
} from 'js-yaml';
import type { Document, MappingNode, Node } from 'js-yaml';
import { terminal } from '../errors.ts';
import { globalTiming } from './timing.ts';
import type { GlobalTiming } from './timing.ts';
import { sameMeaning } from './yaml-meaning.ts';
import { TEXT_SCHEMA, listNode, mapNode, printYaml } from './yaml.ts';

/** The installation's own `prometheus.yml`, variables already replaced. */
export interface BaseConfig {
  /** Path or URI, for messages. */
  readonly uri: string;
  readonly text: string;
}

/** Used when an installation gives none. */
export const DEFAULT_BASE_CONFIG: BaseConfig = {
  uri: 'the built-in base configuration',
  text: 'global:\n  scrape_interval: 30s\n',
};

export interface ParsedBase {
  readonly uri: string;
  readonly document: Document;
  readonly root: MappingNode;
  /** The installation's own jobs, and their names. */
  readonly ownJobs: readonly Node[];
  readonly jobNames: ReadonlySet<string>;
  /** What its own jobs read with file_sd_configs. */
  readonly targetFilePatterns: readonly string[];
  readonly global: GlobalTiming;
}

/** Throws a terminal error that says where the base is wrong. */
export function parseBaseConfig(base: BaseConfig): ParsedBase {
  const document = parseDocument(base);
  const root = rootOf(document, base);
  const values = loadValues(base);
  if (values['scrape_configs'] !== undefined && !root.items.some(({ key }) => isKey(key, 'scrape_configs')))
    throw fault(base, '<<', 'scrape_configs comes in through a merge key; write it at the top level itself.');
  return {
    uri: base.uri,
    document,
    root,
    ownJobs: ownJobsOf(root, base),
    jobNames: jobNamesOf(values, base),
    targetFilePatterns: targetFilePatternsOf(values),
    global: readGlobal(values['global'], base),
  };
}

/** The base with our jobs after its own; everything else as its author wrote it. */
export function appendScrapeConfigs(base: ParsedBase, jobs: readonly Node[]): string {
  const { items } = mapNode({ scrape_configs: listNode([...base.ownJobs, ...jobs]) });
  const index = base.root.items.findIndex(({ key }) => isKey(key, 'scrape_configs'));
  const others = base.root.items;
  const all = index < 0 ? [...others, ...items] : others.toSpliced(index, 1, ...items);
  return printYaml([{ ...base.document, contents: { ...base.root, items: all } }]);
}

function ownJobsOf(root: MappingNode, base: BaseConfig): readonly Node[] {
  const node = root.items.find(({ key }) => isKey(key, 'scrape_configs'))?.value;
  if (node === undefined || isNull(node)) return [];
  if (node.kind === 'sequence' && node.anchor === undefined) return node.items;
  throw fault(base, 'scrape_configs', 'scrape_configs must be a list, without an anchor or an alias.');
}

function parseDocument(base: BaseConfig): Document {
  const documents = readYaml(base, () => toDocuments(base.text, base.uri));
  if (documents.length > 1)
    throw fault(base, undefined, `It holds ${documents.length} YAML documents; Prometheus reads only one.`);
  const document = documents[0] ?? { contents: null, directives: [] };
  visit([document], writeOutNull);
  const printed = toDocuments(printYaml([document]), base.uri)[0]?.contents ?? null;
  if (!sameMeaning(document.contents, printed))
    throw fault(base, undefined, 'It uses YAML that cannot be written again with the same meaning.');
  return document;
}

function toDocuments(text: string, filename: string): Document[] {
  return eventsToAst(parseEvents(text, { filename }), { source: text, schema: TEXT_SCHEMA });
}

/** `{a: , b: x}` would be printed as `{a:, b: x}`, where Prometheus's YAML reader sees a key `a:`. */
function writeOutNull(node: Node): void {
  if (node.kind === 'scalar' && node.style === SCALAR_STYLE.PLAIN && node.value === '' && !node.tagged)
    node.value = 'null';
}

function rootOf(document: Document, base: BaseConfig): MappingNode {
  const root = document.contents;
  if (root === null || isNull(root)) return mapNode({});
  if (root.kind !== 'mapping')
    throw fault(base, undefined, 'A Prometheus configuration is a mapping with keys such as "global".');
  return root.items.length === 0 ? { ...root, style: COLLECTION_STYLE.BLOCK } : root;
}

/** The same text as values, with aliases and merge keys resolved; finds duplicate keys and unknown aliases. */
function loadValues(base: BaseConfig): Readonly<Record<string, unknown>> {
  const { text, uri: filename } = base;
  if (parseEvents(text, { filename }).length === 0) return {};
  const schema = TEXT_SCHEMA.withTags(mergeTag);
  const value = readYaml(base, () => load(text, { filename, schema, maxAliases: 1000 }));
  return isRecord(value) ? value : {};
}

function readYaml<T>(base: BaseConfig, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown;
    const line = thrown.mark === undefined ? undefined : thrown.mark.line + 1;
    throw faultAtLine(base, line, `It is not valid YAML: ${thrown.reason}.`);
  }
}

function jobNamesOf(values: Readonly<Record<string, unknown>>, base: BaseConfig): ReadonlySet<string> {
  const configs: unknown = values['scrape_configs'];
  const names = new Set<string>();
  for (const [index, config] of (Array.isArray(configs) ? configs : []).entries()) {
    const name = textField(config, 'job_name');
    if (name === undefined) throw fault(base, 'scrape_configs', `scrape_configs[${index}] has no job_name.`);
    if (names.has(name))
      throw fault(base, 'scrape_configs', `Two scrape_configs have the job_name "${name}".`);
    names.add(name);
  }
  return names;
}

function targetFilePatternsOf(values: Readonly<Record<string, unknown>>): readonly string[] {
  return listOf(values['scrape_configs'])
    .flatMap((config) => listOf(isRecord(config) ? config['file_sd_configs'] : undefined))
    .flatMap((discovery) => listOf(isRecord(discovery) ? discovery['files'] : undefined))
    .filter((path) => typeof path === 'string');
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function readGlobal(section: unknown, base: BaseConfig): GlobalTiming {
  const timing = globalTiming(textField(section, 'scrape_interval'), textField(section, 'scrape_timeout'));
  if ('fault' in timing) throw fault(base, 'global', timing.fault);
  return timing;
}

function textField(value: unknown, key: string): string | undefined {
  const field = isRecord(value) ? value[key] : undefined;
  return typeof field === 'string' && !NULL.test(field) ? field : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NULL = /^(?:|~|null|Null|NULL)$/;

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && NULL.test(node.value);
}

function isKey(node: Node, name: string): boolean {
  return node.kind === 'scalar' && node.value === name;
}

/** A fault of one top-level key, with the line of that key. */
function fault(base: BaseConfig, key: string | undefined, message: string): Error {
  const lines = base.text.split('\n');
  const index = key === undefined ? -1 : lines.findIndex((line) => line.startsWith(`${key}:`));
  return faultAtLine(base, index < 0 ? undefined : index + 1, message);
}

function faultAtLine({ uri }: BaseConfig, line: number | undefined, message: string): Error {
  return terminal({
    reason: 'InvalidBaseConfig',
    message: `The base configuration cannot be used. ${message}`,
    where: line === undefined ? uri : `${uri}:${line}`,
    remedy: 'Correct the file; `promtool check config` checks the rest of it.',
  });
}
