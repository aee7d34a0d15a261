import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import type { ReportedUsage } from './report-usage.ts';

export interface Invocation extends ReportedUsage {
  readonly wallMs: number;
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** One invocation of scrapectl, and what its process used from its start to its end. */
export async function scrapectl(
  moduleOf: (module: string) => URL,
  args: readonly string[],
): Promise<Invocation> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      `--import=${moduleOf('scripts/bench/report-usage.ts').href}`,
      fileURLToPath(moduleOf('controller/cli/main.ts')),
      ...args,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox' },
    },
  );
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  const streams = [child.stdout, child.stderr, child.stdio[3]].map((stream) =>
    stream instanceof Readable ? text(stream) : '',
  );
  const [exitCode, stdout = '', stderr = '', used = ''] = await Promise.all([exited, ...streams]);
  const wallMs = performance.now() - started;
  if (used === '') throw new Error(`scrapectl ${args[0]} ended with code ${exitCode}: ${stderr}`);
  return { wallMs, exitCode, stdout, ...(JSON.parse(used) as ReportedUsage) };
}
