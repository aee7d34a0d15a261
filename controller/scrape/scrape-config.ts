import type { MappingNode, Node } from 'js-yaml';
import type { Endpoint, RelabelRule, ScrapeTarget } from '../api/types.ts';
import { compareText } from '../state/keys.ts';
import { targetFilePath } from '../state/targets.ts';
import { isLabelParam } from './labels.ts';
import { FIELD_VERSIONS, supports } from './versions.ts';
import { listNode, literalNode, mapNode, textListNode, textNode } from './yaml.ts';

type Fields = Readonly<Record<string, Node | undefined>>;

export interface ScrapeConfig {
  readonly jobName: string;
  readonly node: MappingNode;
  /** Keys left out because the running Prometheus would refuse the whole file for them. */
  readonly ignored: readonly { readonly field: string; readonly needs: string }[];
}

/** The job of one endpoint: all that labels in the target file cannot carry, and nothing that they can. */
export function toScrapeConfig(
  target: ScrapeTarget,
  endpoint: Endpoint,
  prometheusVersion: string | undefined,
): ScrapeConfig {
  const jobName = toJobName(target, endpoint);
  const { fields, ignored } = applyVersion(jobFields(target, endpoint), prometheusVersion);
  const files = textListNode([targetFilePath(target.metadata.name, endpoint.name)]);
  const node = mapNode({
    job_name: textNode(jobName),
    ...fields,
    file_sd_configs: listNode([mapNode({ files })]),
    relabel_configs: relabelings(endpoint.relabelings),
    metric_relabel_configs: relabelings(endpoint.metricRelabelings),
  });
  return { jobName, node, ignored };
}

export function toJobName(target: ScrapeTarget, endpoint: Endpoint): string {
  return `${target.metadata.name}/${endpoint.name}`;
}

function jobFields(target: ScrapeTarget, endpoint: Endpoint): Fields {
  const { limits, fallbackScrapeProtocol } = target.spec;
  return {
    honor_labels: endpoint.honorLabels ? literalNode(true) : undefined,
    honor_timestamps: endpoint.honorTimestamps ? undefined : literalNode(false),
    params: params(endpoint.params),
    fallback_scrape_protocol: text(fallbackScrapeProtocol),
    body_size_limit: text(limits.bodySizeLimit),
    sample_limit: number(limits.sampleLimit),
    label_limit: number(limits.labelLimit),
    label_name_length_limit: number(limits.labelNameLengthLimit),
    label_value_length_limit: number(limits.labelValueLengthLimit),
    target_limit: number(limits.targetLimit),
    ...httpFields(endpoint),
  };
}

function httpFields({ basicAuth, authorization, tlsConfig }: Endpoint): Fields {
  return {
    basic_auth:
      basicAuth &&
      mapNode({ username: textNode(basicAuth.username), password_file: textNode(basicAuth.passwordFile) }),
    authorization:
      authorization &&
      mapNode({
        type: textNode(authorization.type),
        credentials_file: textNode(authorization.credentialsFile),
      }),
    tls_config:
      tlsConfig &&
      mapNode({
        ca_file: text(tlsConfig.caFile),
        cert_file: text(tlsConfig.certFile),
        key_file: text(tlsConfig.keyFile),
        server_name: text(tlsConfig.serverName),
        insecure_skip_verify:
          tlsConfig.insecureSkipVerify === undefined ? undefined : literalNode(tlsConfig.insecureSkipVerify),
        min_version: text(tlsConfig.minVersion),
        max_version: text(tlsConfig.maxVersion),
      }),
  };
}

function params(all: Endpoint['params']): Node | undefined {
  const entries = Object.entries(all)
    .filter(([name, values]) => values.length > 0 && !isLabelParam(name, values))
    .sort(([a], [b]) => compareText(a, b));
  if (entries.length === 0) return undefined;
  return mapNode(Object.fromEntries(entries.map(([name, values]) => [name, textListNode(values)])));
}

function relabelings(rules: readonly RelabelRule[]): Node | undefined {
  return rules.length === 0 ? undefined : listNode(rules.map(relabelRule));
}

function relabelRule(rule: RelabelRule): MappingNode {
  return mapNode({
    source_labels: rule.sourceLabels && textListNode(rule.sourceLabels),
    separator: text(rule.separator),
    target_label: text(rule.targetLabel),
    regex: text(rule.regex),
    modulus: number(rule.modulus),
    replacement: text(rule.replacement),
    action: textNode(rule.action),
  });
}

function text(value: string | undefined): Node | undefined {
  return value === undefined ? undefined : textNode(value);
}

function number(value: number | undefined): Node | undefined {
  return value === undefined ? undefined : literalNode(value);
}

/** Prometheus reads its file strictly: one key that it does not know refuses everything. */
function applyVersion(
  fields: Fields,
  version: string | undefined,
): { readonly fields: Fields; readonly ignored: ScrapeConfig['ignored'] } {
  const tooNew = Object.keys(fields).filter((field) => {
    const minimum = FIELD_VERSIONS[field];
    return fields[field] !== undefined && minimum !== undefined && !supports(version, minimum);
  });
  const kept = Object.entries(fields).filter(([field]) => !tooNew.includes(field));
  const ignored = tooNew.map((field) => ({ field, needs: (FIELD_VERSIONS[field] ?? []).join('.') }));
  return { fields: Object.fromEntries(kept), ignored };
}
