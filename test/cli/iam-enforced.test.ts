import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { leasePath } from '../../controller/state/state-path.ts';
import { bareAccountOf, documentOf } from '../support/accounts.ts';
import type { Member } from '../support/accounts.ts';
import {
  BINDABLE,
  BOUND,
  BUCKET,
  CALLER,
  denials,
  MEMBERS,
  QUICK,
  S3,
  SOURCES,
  SSM,
  useLimits,
  wordsOf,
} from '../support/limits.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

describe('the policy of scrapectl iam', function () {
  this.timeout(60_000);
  useAwsEnvironment({ AWS_ACCESS_KEY_ID: CALLER });

  describe('where all is bound', () => {
    const sandbox = useSandbox({ scenario: BOUND });
    const { bundle, documents, admin, publish, limit, does, fits } = useLimits(sandbox);

    for (const [source, base, inVain] of [
      [S3, `s3://${BUCKET}/base.yml`, []],
      // Asked where an inventory does not fit into one parameter.
      [SSM, 'ssm:///prometheus/base', ['KeepState ssm:GetParameters']],
    ] as const)
      it(`lets plan read ${source}, and nothing more`, async () => {
        await publish(source);
        await admin().put(base, 'global: {}');
        const from = `--source ${source} --base-config ${base} --owner prod`;
        const policy = await limit('plan', `--cluster prod ${from}`);
        assert.match(await does('plan', `${from} ${bundle()}`), /Plan: 0 to create, 0 to update/);
        fits(policy, ...inVain);
      });

    it('lets those be found that are scraped by their tags, in namespaces that a parameter names', async () => {
      await admin().put('ssm:///namespaces', 'apps');
      const how = '--discover-namespaces-parameter /namespaces --owner prod';
      const policy = await limit('plan', `--cluster prod ${how} --state off`);
      assert.match(await does('plan', `${how} --state off ${bundle()}`), /ecs-services\.json \(\+106/);
      fits(policy);
    });

    for (const source of SOURCES)
      it(`lets get read what is stored beside ${source}, and look for what nobody names`, async () => {
        const state = source === S3 ? `${S3}.scrapectl/` : '/prometheus/targets.scrapectl/';
        const from = `--source ${source}`;
        await admin().storeStatus(source === S3 ? state : `ssm://${state}`);
        const policy = await limit('get', `${from} --orphans`);
        assert.match(await does('get', `${from} --owner prod`), /old-/);
        const nobody = `get ${from} --owner nobody --endpoint-url ${sandbox().url}`;
        const { stderr } = await scrapectl(wordsOf(nobody));
        assert.match(stderr, /There is one of prod/);
        assert.match(await does('get', `${from} --owner prod --orphans`), /apps\/cart/);
        fits(policy);
      });

    for (const where of ['--namespace apps', '--cluster prod'])
      it(`lets import ${where} read what exists`, async () => {
        const policy = await limit('import', where.startsWith('--cluster') ? where : '');
        assert.match(await does('import', `${where} --owner prod`), /kind: ScrapeTarget/);
        fits(policy);
      });

    for (const to of SOURCES)
      it(`lets publish write and delete below ${to}`, async () => {
        await publish(to);
        await mkdir(documents());
        for (const member of MEMBERS.slice(1))
          await writeFile(join(documents(), `${member.name}.yaml`), `# new\n${documentOf(member)}`);
        const policy = await limit('publish', `--to ${to} --prune`);
        await does('publish', `${documents()} --to ${to} --prune --max-prune 100 --yes`);
        fits(policy);
        await rm(join(documents(), 'node.yaml'));
        await limit('publish', `--to ${to}`);
        const pruning = `publish ${documents()} --to ${to} --prune --max-prune 100 --yes`;
        const refused = await scrapectl(wordsOf(`${pruning} --endpoint-url ${sandbox().url}`));
        assert.equal(refused.code, 1);
        assert.match(refused.stderr + refused.stdout, /AccessDenied.*Delete(?:Object|Parameter)/s);
      });
  });

  describe('where nothing is bound', () => {
    const sandbox = useSandbox({ scenario: bareAccountOf(BINDABLE) });
    const { bundle, admin, publish, limit, begin, does, fits } = useLimits(sandbox);

    /** The answer to the first creation is lost, so that it is looked for. */
    const loseAnAnswer = () =>
      sandbox().faults.add({ operation: 'CreateService', nth: 1, effect: { kind: 'reset', when: 'after' } });
    const changed = (member: Member): string =>
      documentOf({ ...member, endpoint: 'portNumber: 8080\n      path: /m' }).replace('ttl: 10', 'ttl: 20');

    for (const source of SOURCES)
      it(`lets apply create, change and delete with documents in ${source}`, async () => {
        const [cart = assert.fail()] = MEMBERS;
        const from = `--source ${source} --owner prod`;
        const how = `${from} ${bundle()} ${QUICK}`;
        await publish(source, BINDABLE);
        const policy = await limit('apply', `--cluster prod ${from}`);
        loseAnAnswer();
        await does('apply', how);
        const twice = documentOf(cart).replace(
          'endpoints:',
          'endpoints:\n    - { name: b, portNumber: 8080, path: /b }',
        );
        for (const text of [twice, changed(cart)]) {
          await admin().put(`${source}cart.yaml`, text);
          await does('apply', how);
        }
        await admin().remove(`${source}cart.yaml`);
        await does('apply', how);
        fits(policy, ...(source === S3 ? [] : ['KeepState ssm:GetParameters']));
      });

    it('lets run keep a lease and events beside all that, and replicas take turns', async () => {
      const [cart = assert.fail()] = MEMBERS;
      const state = `${S3}.scrapectl/`;
      const what = `--source ${S3} --owner prod --lease ${state} --event-log-group /ops/scrapectl`;
      await publish(S3, BINDABLE);
      // Of a lease that was given back nobody waits for the end.
      await admin().put(`${state}${leasePath('prod')}`, '{"holder":"","epoch":1,"renewals":1}');
      const policy = await limit('run', `--cluster prod ${what}`);
      loseAnAnswer();
      const quick = '--interval 100ms --listen off --max-rollouts 5 --max-prune 100 --log-format json';
      const { code, stderr, stop } = begin('run', `${what} ${bundle()} ${quick}`);
      for (const { name } of BINDABLE)
        await stderr.shows(`"scrapeTarget":"${name}","type":"Ready","status":"True"`);
      const twice = documentOf(cart).replace(
        'endpoints:',
        'endpoints:\n    - { name: b, portNumber: 8080, path: /b }',
      );
      await admin().put(`${S3}cart.yaml`, twice);
      await stderr.shows('"change":"tagRegistry"');
      await admin().put(`${S3}cart.yaml`, changed(cart));
      await stderr.shows('"change":"untagRegistry"');
      await stderr.shows('"change":"updateRegistry"');
      await admin().remove(`${S3}cart.yaml`);
      await stderr.shows('"change":"deleteRegistry"');
      stop.abort();
      assert.equal(await code, 0);
      fits(policy);
    });

    it('lets run wait for a lease that nobody ever held', async () => {
      const what = `--source ${S3} --owner prod --lease s3://${BUCKET}/leases/ --no-disruption`;
      await publish(S3, BINDABLE);
      const policy = await limit('run', `--cluster prod ${what}`);
      const { code, stop } = begin('run', `${what} ${bundle()} --interval 100ms --listen off`);
      while (!policy.unused().every((grant) => !grant.startsWith('KeepLease'))) await setImmediate();
      stop.abort();
      assert.equal(await code, 0);
      assert.deepEqual(denials(sandbox()), []);
    });

    for (const [how, never] of [
      ['--policy upsert-only', ['DeleteRegistries', 'UntagResource', 'ListClusters']],
      ['--policy create-only', ['DeleteRegistries', 'UntagResource', 'UpdateRegistries', 'GetOperation']],
      ['--no-disruption', ['BindServices']],
    ] as const)
      it(`allows less with ${how}, and that is enough`, async () => {
        const from = `--source ${S3} --owner prod ${how}`;
        await publish(S3, BINDABLE);
        const policy = await limit('apply', `--cluster prod ${from}`);
        const before = policy.unused().join(' ');
        assert.deepEqual(
          never.filter((name) => before.includes(name)),
          [],
        );
        loseAnAnswer();
        await scrapectl([
          'apply',
          ...wordsOf(`${from} ${bundle()} ${QUICK} --endpoint-url ${sandbox().url}`),
        ]);
        await admin().put(`${S3}cart.yaml`, changed(MEMBERS[0] ?? assert.fail()));
        await scrapectl([
          'apply',
          ...wordsOf(`${from} ${bundle()} ${QUICK} --endpoint-url ${sandbox().url}`),
        ]);
        assert.deepEqual(denials(sandbox()), []);
        assert.doesNotMatch(policy.unused().join(' '), /:(?:Create|Update|TagResource)/);
      });
  });
});
