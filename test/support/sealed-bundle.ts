import { createHash } from 'node:crypto';
import { targetFilePath } from '../../controller/state/targets.ts';
import type { Bundle, TargetFile } from '../../controller/state/targets.ts';

/** A bundle whose files carry a digest of themselves; files come, grow, shrink and go from one generation to the next. */
export function sealedBundle(generation: number): Bundle {
  const files = Array.from({ length: 3 + (generation % 4) }, (_, n): [string, TargetFile] => {
    const count = (generation * 37 + n * 11) % 200;
    const targets = Array.from({ length: count }, (_, host) => `10.${generation % 256}.${n}.${host}:80`);
    const labels = { digest: digest(targets.join()) };
    return [
      targetFilePath(`web-${n}`, 'metrics'),
      { kind: 'write', text: `${JSON.stringify([{ targets, labels }])}\n` },
    ];
  });
  const jobs = Array.from({ length: (generation * 53) % 300 }, (_, n) => `# job ${generation}.${n}\n`).join(
    '',
  );
  return { config: `${jobs}# ${digest(jobs)}\n`, targetFiles: new Map(files) };
}

export function isWholeConfig(text: string): boolean {
  const seal = /# ([0-9a-f]{64})\n$/.exec(text);
  return seal !== null && digest(text.slice(0, seal.index)) === seal[1];
}

export function isWholeTargetFile(text: string): boolean {
  const [group]: [{ targets: string[]; labels: { digest: string } }] = JSON.parse(text);
  return digest(group.targets.join()) === group.labels.digest;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
