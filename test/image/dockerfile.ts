/** One instruction of a Dockerfile, lines joined and flags taken off. */
export interface Instruction {
  readonly keyword: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly rest: string;
}

export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(text)) {
    const [, base, name] = /^(\S+)(?: AS (\S+))?$/i.exec(instruction.rest) ?? [];
    if (instruction.keyword === 'FROM' && base !== undefined) stages.push({ base, name, instructions: [] });
    else if (stages.length === 0) throw new Error(`${instruction.keyword} comes before the first FROM.`);
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

function instructionsOf(text: string): readonly Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map(parseInstruction);
}

function parseInstruction(line: string): Instruction {
  const [, keyword = '', flags = '', rest = ''] = /^([A-Z]+)((?:\s+--[a-z-]+=\S+)*)\s+(.*)$/.exec(line) ?? [];
  const pairs = [...flags.matchAll(/--([a-z-]+)=(\S+)/g)];
  return { keyword, rest, flags: new Map(pairs.map(([, name = '', value = '']) => [name, value])) };
}

/** `NAME=value OTHER="another value"`, as ENV and LABEL take them. */
export function parsePairs(rest: string): readonly (readonly [string, string])[] {
  return [...rest.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)].map(([, name = '', quoted, bare]) => [
    name,
    quoted ?? bare ?? '',
  ]);
}

/** The exec form. Anything else needs a shell, which an image may not have. */
export function parseExec(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`${rest} is not in exec form, a JSON list of texts.`);
}
