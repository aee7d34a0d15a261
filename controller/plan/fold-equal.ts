import { printable } from './change-lines.ts';

/** What a plan says about one ScrapeTarget. */
export interface Section {
  readonly target: string;
  /** `registry ecs-services/webapp-svc`, `service cluster/WebAppService`. */
  readonly subjects: readonly string[];
  readonly lines: readonly string[];
}

export interface FoldedSection {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** So many ScrapeTargets of which the same is said are told together; fewer are read more easily one by one. */
const MIN_EQUAL = 5;
const NAMES_SHOWN = 10;

/**
 * Tells together what is the same for many ScrapeTargets. Their own names are replaced by what they name, so that
 * the lines stay true for each of them.
 */
export function foldEqual(sections: readonly Section[]): readonly FoldedSection[] {
  const equal = new Map<string, Section[]>();
  for (const section of sections) {
    const key = withoutNames(section).join('\n');
    const known = equal.get(key);
    if (known === undefined) equal.set(key, [section]);
    else known.push(section);
  }
  return [...equal.values()].flatMap((alike) =>
    alike.length < MIN_EQUAL ? alike.map(alone) : [together(alike)],
  );
}

const alone = ({ target, lines }: Section): FoldedSection => ({
  heading: `ScrapeTarget ${printable(target)}`,
  lines,
});

function together(alike: readonly Section[]): FoldedSection {
  const [first] = alike;
  const names = alike.slice(0, NAMES_SHOWN).map(({ target }) => printable(target));
  const more = alike.length - names.length;
  return {
    heading: `${alike.length} ScrapeTargets: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    lines: first === undefined ? [] : withoutNames(first),
  };
}

function withoutNames({ target, subjects, lines }: Section): readonly string[] {
  const names = new Map<string, string>();
  for (const subject of subjects) {
    const [, kind, name] = /^(registry|service) .*\/([^/]+)$/.exec(subject) ?? [];
    if (kind !== undefined && name !== undefined) names.set(name, `{${kind}}`);
  }
  names.set(target, '{name}');
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length).map(escapePattern);
  const pattern = new RegExp(`(?<![\\w-])(?:${longestFirst.join('|')})(?![\\w-])`, 'g');
  return lines.map((line) => line.replace(pattern, (name) => names.get(name) ?? name));
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
