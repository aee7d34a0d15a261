import { compareText } from '../state/keys.ts';
import type { ServiceRegistryBinding } from '../state/observed.ts';
import type { Palette } from './palette.ts';
import type { BindService, UnbindService } from './types.ts';

/** Text of AWS, of Prometheus and of documents must neither forge a line nor steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\t\n\r\u2028\u2029]+/g, ' ').replace(/\p{Cc}/gu, escapeCharacter);
}

const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text is quoted, so that an empty value and a space can be seen, and a line break cannot forge a line. */
export function formatValue(value: string | number | undefined): string {
  if (value === undefined) return '(none)';
  return typeof value === 'string' ? printable(JSON.stringify(value)) : String(value);
}

export function tagLines(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  palette: Palette,
): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return keys.map((key) => {
    const [old, fresh] = [before[key], after[key]];
    if (old === undefined) return palette.create(`      + tag ${key} = ${formatValue(fresh)}`);
    if (fresh === undefined) return palette.delete(`      - tag ${key} = ${formatValue(old)}`);
    return palette.update(`      ~ tag ${key} = ${formatValue(old)} -> ${formatValue(fresh)}`);
  });
}

/** `(none) -> registry ecs-services/webapp-svc, app:3000`, and the other way round. */
export function formatBinding(change: BindService | UnbindService): string {
  const { before, registry } = change;
  const ours = `registry ${registry.namespace}/${registry.name}`;
  if (change.kind === 'bindService')
    return printable(`${formatArns(before)} -> ${ours}${formatPort(change.after)}`);
  const leaves = before.find(({ registryArn }) => registryArn === change.registry.arn);
  return printable(`${ours}${formatPort(leaves ?? {})} -> ${formatArns(change.after)}`);
}

const formatArns = (bindings: readonly ServiceRegistryBinding[]): string =>
  bindings.map((binding) => binding.registryArn + formatPort(binding)).join(', ') || '(none)';

function formatPort(binding: Partial<ServiceRegistryBinding> | BindService['after']): string {
  const { containerName, containerPort } = binding;
  if (containerName !== undefined) return `, ${containerName}:${containerPort ?? ''}`;
  return 'port' in binding && binding.port !== undefined ? `, port ${binding.port}` : '';
}
