import { COLLECTION_STYLE, YAMLException, eventsToAst, load, mergeTag, parseEvents } from 'js-yaml';
import type { Document, MappingNode, Node } from 'js-yaml';
import { terminal } from '../errors.ts';
import { globalTiming } from './timing.ts';
import type { GlobalTiming } from './timing.ts';
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
  /** Names of the installation's own jobs. */
  readonly jobNames: ReadonlySet<string>;
  readonly global: GlobalTiming;
}

export function parseBaseConfig(base: BaseConfig): ParsedBase {
  const document = parseDocument(base);
  const root = rootOf(document, base.uri);
  const values = loadValues(base);
  return {
    uri: base.uri,
    document,
    root,
    jobNames: new Set(jobNamesOf(values, base.uri)),
    global: readGlobal(values['global'], base.uri),
  };
}

/** The base with our jobs after its own; everything else as its author wrote it. */
export function appendScrapeConfigs(base: ParsedBase, jobs: readonly Node[]): string {
  const root = { ...base.root, items: [...base.root.items] };
  const index = root.items.findIndex(({ key }) => isKey(key, 'scrape_configs'));
  const own = index < 0 ? [] : ownScrapeConfigs(root.items[index]?.value, base.uri);
  const item = mapNode({ scrape_configs: listNode([...own, ...jobs]) }).items;
  root.items.splice(index < 0 ? root.items.length : index, index < 0 ? 0 : 1, ...item);
  return printYaml([{ ...base.document, contents: root }]);
}

function ownScrapeConfigs(node: Node | undefined, uri: string): readonly Node[] {
  if (node?.kind === 'sequence') return node.items;
  if (node?.kind === 'scalar' && isNull(node.value)) return [];
  throw fault(uri, undefined, 'scrape_configs must be a list, written at this place and not as an alias.');
}

function parseDocument({ uri, text }: BaseConfig): Document {
  const documents = readYaml(uri, () =>
    eventsToAst(parseEvents(text, { filename: uri }), { source: text, schema: TEXT_SCHEMA }),
  );
  if (documents.length > 1)
    throw fault(uri, undefined, `It holds ${documents.length} YAML documents; Prometheus reads only one.`);
  return documents[0] ?? { contents: null, directives: [] };
}

function rootOf(document: Document, uri: string): MappingNode {
  const root = document.contents;
  if (root === null || (root.kind === 'scalar' && isNull(root.value))) return mapNode({});
  if (root.kind === 'mapping')
    return { ...root, style: root.items.length === 0 ? COLLECTION_STYLE.BLOCK : root.style };
  throw fault(uri, undefined, 'A Prometheus configuration is a mapping with keys such as "global".');
}

/** The same text as values, with aliases and merge keys resolved; finds duplicate keys and unknown aliases. */
function loadValues({ uri, text }: BaseConfig): Readonly<Record<string, unknown>> {
  if (parseEvents(text, {}).length === 0) return {};
  const value = readYaml(uri, () =>
    load(text, { filename: uri, schema: TEXT_SCHEMA.withTags(mergeTag), maxAliases: 1000 }),
  );
  return isRecord(value) ? value : {};
}

function readYaml<T>(uri: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) throw thrown;
    const line = thrown.mark === undefined ? undefined : thrown.mark.line + 1;
    throw fault(uri, line, `It is not valid YAML: ${thrown.reason}.`);
  }
}

function jobNamesOf(values: Readonly<Record<string, unknown>>, uri: string): readonly string[] {
  const configs = values['scrape_configs'];
  if (!Array.isArray(configs)) return [];
  return configs.map((config: unknown, index) => {
    const name = textField(config, 'job_name');
    if (name === undefined) throw fault(uri, undefined, `scrape_configs[${index}] has no job_name.`);
    return name;
  });
}

function readGlobal(section: unknown, uri: string): GlobalTiming {
  const timing = globalTiming(textField(section, 'scrape_interval'), textField(section, 'scrape_timeout'));
  if ('fault' in timing) throw fault(uri, undefined, timing.fault);
  return timing;
}

function textField(value: unknown, key: string): string | undefined {
  const field = isRecord(value) ? value[key] : undefined;
  return typeof field === 'string' && !isNull(field) ? field : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNull(text: string): boolean {
  return /^(?:|~|null|Null|NULL)$/.test(text);
}

function isKey(node: Node, name: string): boolean {
  return node.kind === 'scalar' && node.value === name;
}

function fault(uri: string, line: number | undefined, message: string): Error {
  return terminal({
    reason: 'InvalidBaseConfig',
    message: `The base configuration cannot be used. ${message}`,
    where: line === undefined ? uri : `${uri}:${line}`,
    remedy: 'Correct the file; `promtool check config` tells the same about it.',
  });
}
