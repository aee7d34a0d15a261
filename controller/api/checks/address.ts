import { actionOf } from '../accept.ts';
import { quote, type Fault, type Path } from '../faults.ts';
import { ADDRESS_LABEL } from '../names.ts';
import type { DocumentRelabelRule } from '../scrapetarget.gen.ts';

const WHY = `Where Prometheus connects to is what AWS says of the tasks; for another port write \`portNumber\`.`;

const fault = (path: Path, message: string): Fault => ({ path, reason: 'InvalidRelabeling', message });

/**
 * Rules that would let a document send Prometheus anywhere, with the credentials of the endpoint. Neither may a rule
 * write the address, nor another name out of which a labelmap could make it.
 */
export function checkAddress(rules: readonly DocumentRelabelRule[] | undefined, path: Path): Fault[] {
  const all = rules ?? [];
  const copies = all.some(isCopy);
  return all.flatMap((rule, index) => checkRule(rule, copies, [...path, index]));
}

/** A labelmap that takes names, or a part of them, as they are. */
const isCopy = (rule: DocumentRelabelRule): boolean =>
  actionOf(rule) === 'labelmap' && /^\$(?:\w|\{\w+\})$/.test(templateOf(rule));

function checkRule(rule: DocumentRelabelRule, copies: boolean, path: Path): Fault[] {
  const action = actionOf(rule);
  const at = [...path, action === 'labelmap' ? 'replacement' : 'targetLabel'];
  const template = templateOf(rule);
  if (template.includes(ADDRESS_LABEL)) return [fault(at, `A rule must not write ${ADDRESS_LABEL}. ${WHY}`)];
  const makesNames = (action === 'labelmap' || action === 'replace') && template.includes('$');
  if (!makesNames || isCopy(rule)) return [];
  if (ADDRESS_LABEL.startsWith(template.slice(0, template.indexOf('$'))))
    return [fault(at, `${quote(template)} can become ${ADDRESS_LABEL}. ${WHY}`)];
  if (!copies) return [];
  return [fault(at, `${quote(template)} makes names that a labelmap can turn into ${ADDRESS_LABEL}. ${WHY}`)];
}

/** The name that a rule writes to, as it is written. */
function templateOf(rule: DocumentRelabelRule): string {
  const action = actionOf(rule);
  if (action === 'labelmap') return rule.replacement ?? '$1';
  return action === 'keepequal' || action === 'dropequal' ? '' : (rule.targetLabel ?? '');
}
