import { load } from 'js-yaml';

const HOST_PORT = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):([1-9]\d{0,4})$/;

/** What is wrong with a file under the name by which others read it; undefined when nothing is. */
export function checkFile(path: string, text: string): string | undefined {
  if (text === '' && !path.endsWith('.last-good')) return 'is empty';
  if (path.endsWith('/prometheus.yml')) return checkConfig(text);
  if (path.includes('/targets/')) return checkTargets(text);
  return undefined;
}

function checkConfig(text: string): string | undefined {
  try {
    const root: unknown = load(text);
    return typeof root === 'object' && root !== null && 'global' in root ? undefined : 'is cut off';
  } catch (thrown) {
    return `does not parse: ${String(thrown)}`;
  }
}

function checkTargets(text: string): string | undefined {
  try {
    const groups: unknown = JSON.parse(text);
    if (!Array.isArray(groups)) return 'is no list of target groups';
    const addresses = groups
      .flatMap((group: unknown): unknown => Reflect.get(Object(group), 'targets'))
      .map(String);
    const bad = addresses.find((address) => !HOST_PORT.test(address));
    if (bad !== undefined) return `has the target ${JSON.stringify(bad)}, which is no host and port`;
    return new Set(addresses).size === addresses.length ? undefined : 'has a target twice';
  } catch (thrown) {
    return `does not parse: ${String(thrown)}`;
  }
}
