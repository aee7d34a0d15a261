import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareAccountOf, documentOf } from '../support/accounts.ts';
import {
  BINDABLE,
  BOUND,
  CALLER,
  denials,
  MEMBERS,
  QUICK,
  S3,
  SSM,
  useLimits,
  wordsOf,
} from '../support/limits.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

/** Only saves calls, so that a refusal is no failure. */
const UNTOLD = ['ecs:DescribeClusters'];

describe('a verb that lacks one permission', function () {
  this.timeout(60_000);
  useAwsEnvironment({ AWS_ACCESS_KEY_ID: CALLER });

  const documented = `--source ${S3} --owner prod`;
  for (const [scenario, verb, scope, options, more, least] of [
    [BOUND, 'plan', '--cluster prod', documented, '', 8],
    [BOUND, 'plan', '--cluster prod', `--source ${SSM} --owner prod`, '', 8],
    [BOUND, 'get', '', documented, '', 1],
    [BOUND, 'import', '', '', '--namespace apps', 7],
    [BOUND, 'publish', '', `--to ${S3}`, '', 2],
    [BOUND, 'publish', '', `--to ${SSM}`, '', 2],
    [bareAccountOf(BINDABLE), 'apply', '--cluster prod', documented, QUICK, 10],
  ] as const)
    describe(`${verb} ${options}`, () => {
      const sandbox = useSandbox({ scenario });
      const { bundle, documents, admin, publish, policyOf } = useLimits(sandbox);

      it('says which one, on what, and where to get it', async () => {
        const members = verb === 'apply' ? BINDABLE : MEMBERS;
        const source = options.includes(SSM) ? SSM : S3;
        await publish(source, members);
        if (verb === 'get') await admin().storeStatus(`${S3}.scrapectl/`);
        await mkdir(documents());
        await writeFile(join(documents(), 'cart.yaml'), `# new\n${documentOf({ name: 'cart' })}`);
        const own = verb === 'publish' ? documents() : '';
        const files = verb === 'plan' || verb === 'apply' ? bundle() : '';
        const command = `${verb} ${own} ${options} ${more} ${files} --endpoint-url ${sandbox().url}`;
        const { Statement } = await policyOf(verb, `${scope} ${options}`);
        const actions = [...new Set(Statement.flatMap(({ Action }) => Action))];
        const refused = new Set<string>();
        for (const action of actions) {
          sandbox().recorder.clear();
          const rest = Statement.map((statement) => ({
            ...statement,
            Action: statement.Action.filter((each) => each !== action),
          }));
          sandbox().iam.limit(CALLER, { Statement: rest });
          const { stdout, stderr } = await scrapectl(wordsOf(command));
          if (denials(sandbox()).length === 0 || UNTOLD.includes(action)) continue;
          refused.add(action);
          const told = stdout + stderr;
          assert.ok(
            told.includes(`not authorized to perform: ${action} on resource: `),
            `${action}: ${told}`,
          );
          assert.match(told, /scrapectl iam prints the policy of each verb/, action);
        }
        assert.ok(refused.size >= least, `only ${[...refused].join(', ')} were refused`);
      });
    });
});
