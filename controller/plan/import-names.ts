const MAX_LABEL = 63;

/** The DNS label that looks most like a name; empty when nothing of the name can stay. */
export function dnsLabelOf(name: string): string {
  const label = name.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return trimHyphens(trimHyphens(label).slice(0, MAX_LABEL));
}

function trimHyphens(text: string): string {
  return text.replace(/^-+/, '').replace(/-+$/, '');
}

/** The label, or the label with the first number from 2 on that makes it unlike all that are taken. */
export function uniqueLabel(label: string, taken: ReadonlySet<string>): string {
  if (!taken.has(label)) return label;
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`;
    const candidate = `${trimHyphens(label.slice(0, MAX_LABEL - suffix.length))}${suffix}`;
    if (!taken.has(candidate)) return candidate;
  }
}
