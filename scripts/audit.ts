/** Asks the registry of npm for known vulnerabilities of what is installed with the package. */
import { spawnSync } from 'node:child_process';
import { judgeAudit } from './audit/verdict.ts';

const { stdout } = spawnSync(
  'npm',
  ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'],
  { encoding: 'utf8', timeout: 60_000 },
);
const verdict = judgeAudit(stdout ?? '');
switch (verdict.kind) {
  case 'clean':
    process.stdout.write(
      `audit: no serious vulnerability is known of ${verdict.dependencies} dependencies\n`,
    );
    break;
  case 'vulnerable':
    process.stderr.write(`${['audit: known vulnerabilities', ...verdict.findings].join('\n  ')}\n`);
    process.exitCode = 1;
    break;
  case 'skipped':
    process.stdout.write(`audit: skipped, because the registry gave no answer: ${verdict.why}\n`);
}
