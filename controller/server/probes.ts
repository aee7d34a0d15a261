import type { Check } from './health.ts';
import type { Reply } from './http.ts';

/** The form that Kubernetes gave to health endpoints: `ok`, or a line for each check when asked, or when one fails. */
export function probeReply(probe: string, checks: readonly Check[], verbose: boolean): Reply {
  const failed = checks.some(({ problem }) => problem !== undefined);
  const lines = [...checks.map(describe), `${probe} check ${failed ? 'failed' : 'passed'}`];
  return {
    status: failed ? 503 : 200,
    contentType: 'text/plain; charset=utf-8',
    body: failed || verbose ? `${lines.join('\n')}\n` : 'ok\n',
  };
}

const describe = ({ name, problem }: Check): string =>
  problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`;
