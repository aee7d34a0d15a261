import { terminal } from '../errors.ts';

const REFERENCE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Replaces `${NAME}` by values that the operator of this installation allowed; `$${NAME}` stays as `${NAME}`.
 * Numbers are not names, so that `${1}` of a relabel rule survives.
 */
export function expandVariables(text: string, allowed: ReadonlyMap<string, string>, uri: string): string {
  return text.replace(REFERENCE, (reference, name: string, offset: number) => {
    if (reference.startsWith('$$')) return reference.slice(1);
    const where = `${uri}:${lineAt(text, offset)}`;
    const value = allowed.get(name);
    if (value === undefined) throw unknownVariable(name, where, allowed);
    if (/[\r\n]/.test(value)) throw multilineVariable(name, where);
    return value;
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function unknownVariable(name: string, where: string, allowed: ReadonlyMap<string, string>): Error {
  const names = [...allowed.keys()].sort().join(', ');
  return terminal({
    reason: 'UnknownVariable',
    message: `The variable \${${name}} has no value; ${names === '' ? 'no variable is allowed' : `allowed are ${names}`}.`,
    where,
    remedy: `Allow the variable ${name} and set it, or write $\${${name}} if Prometheus itself shall read it.`,
  });
}

/** A value of several lines could add keys to the configuration. */
function multilineVariable(name: string, where: string): Error {
  return terminal({
    reason: 'InvalidVariable',
    message: `The value of \${${name}} has more than one line.`,
    where,
    remedy: 'Give it a value of a single line.',
  });
}
