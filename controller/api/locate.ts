import type { Fault, Path } from './faults.ts';
import type { YamlNode } from './yaml.ts';

/** Position in the file of what a fault is about; of a missing field, that of the map it is missing from. */
export function locate(root: YamlNode, fault: Fault): number {
  let node = root;
  let offset = root.offset;
  for (const [index, step] of fault.path.entries()) {
    const found = childOf(node, step);
    if (found === undefined) return offset;
    const last = index === fault.path.length - 1;
    offset = last && fault.at === 'key' ? found.keyOffset : found.value.offset;
    node = found.value;
  }
  return offset;
}

function childOf(node: YamlNode, step: string | number): { keyOffset: number; value: YamlNode } | undefined {
  if (node.kind === 'mapping') return node.entries.get(String(step));
  if (node.kind === 'scalar' || typeof step !== 'number') return undefined;
  const item = node.items[step];
  return item === undefined ? undefined : { keyOffset: item.offset, value: item };
}

/** The text at a path, where there is one. */
export function textAt(root: YamlNode, path: Path): string | undefined {
  let node: YamlNode | undefined = root;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step)?.value;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
