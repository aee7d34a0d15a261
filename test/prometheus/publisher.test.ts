import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatError, isOperatorError } from '../../controller/errors.ts';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import type { PublisherOptions } from '../../controller/prometheus/publisher.ts';
import type { Bundle, TargetFile } from '../../controller/state/targets.ts';
import type { PublishResult } from '../../controller/state/outcomes.ts';
import { instantClock } from '../support/fake-clock.ts';
import { fakePrometheus } from '../support/fake-prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const URL = 'http://127.0.0.1:9090';
const WEB = 'targets/web.metrics.json';
const API = 'targets/api.metrics.json';

function bundle(config: string, files: Readonly<Record<string, string>> = { [WEB]: '[]\n' }): Bundle {
  const entries = Object.entries(files).map(([path, text]): [string, TargetFile] => [
    path,
    text === 'keep' ? { kind: 'keep' } : { kind: 'write', text },
  ]);
  return { config, targetFiles: new Map(entries) };
}

/** The same bundle while Prometheus has loaded none of its jobs as they are in it. */
function untried({ config, targetFiles }: Bundle): Bundle {
  const entries = [...targetFiles].map(([path, file]): [string, TargetFile] => [
    path,
    file.kind === 'write' ? { ...file, untried: true } : file,
  ]);
  return { config, targetFiles: new Map(entries) };
}

describe('the publisher', () => {
  const temporary = useTemporaryDirectory();
  const directory = () => join(temporary(), 'bundle');
  const clock = instantClock();
  const read = (path: string) => readFile(join(directory(), path), 'utf8');
  let prometheus = fakePrometheus(clock.now);

  beforeEach(() => {
    prometheus = fakePrometheus(clock.now);
  });

  const publisher = (options: Partial<PublisherOptions> = {}) =>
    createPublisher({
      directory: directory(),
      prometheusUrl: URL,
      fetch: prometheus.fetch,
      clock,
      ...options,
    });
  const withoutUrl = () => createPublisher({ directory: directory(), fetch: prometheus.fetch, clock });
  const publish = (bundle: Bundle) => publisher().publish(bundle, SIGNAL);
  const reloads = () => prometheus.calls.filter((call) => call.startsWith('POST')).length;

  describe('files', () => {
    it('are written once and then left alone while their bytes are the same', async () => {
      const first = await withoutUrl().publish(bundle('a: 1\n'), SIGNAL);
      const before = await stat(join(directory(), WEB));
      const second = await withoutUrl().publish(bundle('a: 1\n'), SIGNAL);
      const after = await stat(join(directory(), WEB));
      assert.deepEqual(first, {
        written: [WEB, 'prometheus.yml'],
        deleted: [],
        unchanged: 0,
        bytesWritten: 8,
        reload: { kind: 'notAsked' },
        reloads: 0,
      });
      assert.deepEqual(second, { ...first, written: [], unchanged: 2, bytesWritten: 0 });
      assert.equal(before.ino, after.ino);
    });

    it('are put together and read again only when somebody has touched them', async () => {
      let asked = 0;
      const file: TargetFile = {
        kind: 'write',
        get text() {
          asked += 1;
          return '[]\n';
        },
      };
      const wanted: Bundle = { config: 'a: 1\n', targetFiles: new Map([[WEB, file]]) };
      const { publish: again } = withoutUrl();
      const results: number[] = [];
      const pass = async () => results.push((await again(wanted, SIGNAL)).written.length);
      await pass();
      await pass();
      const known = asked;
      await pass();
      await pass();
      assert.equal(asked, known);
      await writeFile(join(directory(), WEB), '[ ]');
      await pass();
      assert.equal(await read(WEB), '[]\n');
      await rm(join(directory(), WEB));
      await pass();
      assert.equal(await read(WEB), '[]\n');
      assert.deepEqual(results, [2, 0, 0, 0, 1, 1]);
    });

    it('can be read by another user whatever the umask is', async () => {
      const old = process.umask(0o077);
      try {
        await withoutUrl().publish(bundle('a: 1\n'), SIGNAL);
      } finally {
        process.umask(old);
      }
      assert.equal((await stat(join(directory(), 'prometheus.yml'))).mode & 0o777, 0o644);
      assert.equal((await stat(join(directory(), WEB))).mode & 0o777, 0o644);
      assert.equal((await stat(join(directory(), 'targets'))).mode & 0o777, 0o755);
    });

    it('of targets that are not known in this cycle stay as they are', async () => {
      await withoutUrl().publish(bundle('a: 1\n', { [WEB]: '[1]\n' }), SIGNAL);
      const result = await withoutUrl().publish(bundle('a: 2\n', { [WEB]: 'keep' }), SIGNAL);
      assert.deepEqual([result.written, result.deleted], [['prometheus.yml'], []]);
      assert.equal(await read(WEB), '[1]\n');
    });

    it('that a killed process left half-written are swept away', async () => {
      await mkdir(join(directory(), 'targets'), { recursive: true });
      const half = '.web.metrics.json.0123456789abcdef.tmp';
      await writeFile(join(directory(), 'targets', half), '[{"tar');
      await withoutUrl().publish(bundle('a: 1\n'), SIGNAL);
      assert.deepEqual(await readdir(join(directory(), 'targets')), ['web.metrics.json']);
    });

    it('that cannot be written are a terminal error that names the file and what to do', async () => {
      await writeFile(directory(), 'a file in the way');
      await assert.rejects(withoutUrl().publish(bundle('a: 1\n'), SIGNAL), (thrown: unknown) => {
        assert.ok(isOperatorError(thrown));
        assert.equal(thrown.family, 'terminal');
        assert.match(formatError(thrown), /bundle: Cannot create the directory .*name another directory/);
        return true;
      });
    });

    it('of others in the directory are never deleted', async () => {
      await mkdir(join(directory(), 'targets'), { recursive: true });
      for (const name of ['ecs-services.json', 'Notes.md', 'old.job.json.bak'])
        await writeFile(join(directory(), 'targets', name), '');
      const result = await withoutUrl().publish(bundle('a: 1\n'), SIGNAL);
      assert.deepEqual(result.deleted, []);
      assert.equal((await readdir(join(directory(), 'targets'))).length, 4);
    });
  });

  describe('diff', () => {
    it('tells what publishing would do and does nothing', async () => {
      await withoutUrl().publish(bundle('a: 1\n', { [WEB]: '[1]\n', [API]: '[]\n' }), SIGNAL);
      const next = bundle('a: 1\n', { [WEB]: '[2]\n', 'targets/new.metrics.json': '[]\n' });
      assert.deepEqual(await publisher().diff(next, SIGNAL), [
        { path: API, action: 'delete', before: '[]\n', after: undefined },
        { path: 'targets/new.metrics.json', action: 'create', before: undefined, after: '[]\n' },
        { path: WEB, action: 'update', before: '[1]\n', after: '[2]\n' },
      ]);
      assert.equal(await read(WEB), '[1]\n');
      assert.deepEqual(prometheus.calls, []);
    });

    it('is all creation while the directory does not exist, and does not create it', async () => {
      const changes = await withoutUrl().diff(bundle('a: 1\n'), SIGNAL);
      assert.deepEqual(
        changes.map(({ path, action }) => `${action} ${path}`),
        ['create prometheus.yml', `create ${WEB}`],
      );
      assert.deepEqual(await readdir(temporary()), []);
    });
  });

  describe('the reload', () => {
    it('is confirmed by runtimeinfo, once, and not asked for again', async () => {
      const one = publisher();
      const first = await one.publish(bundle('a: 1\n'), SIGNAL);
      const second = await one.publish(bundle('a: 1\n'), SIGNAL);
      assert.equal(first.reload.kind, 'confirmed');
      assert.deepEqual(second.reload, { kind: 'notNeeded' });
      assert.equal(reloads(), 1);
    });

    it('is not needed when only targets change', async () => {
      await publish(bundle('a: 1\n', { [WEB]: '[1]\n' }));
      const result = await publish(bundle('a: 1\n', { [WEB]: '[2]\n' }));
      assert.deepEqual([result.written, result.reload.kind], [[WEB], 'notNeeded']);
      assert.equal(reloads(), 1);
    });

    it('that is owed is made up for by a controller that was restarted', async () => {
      prometheus.outage = 'refused';
      assert.equal((await publish(bundle('a: 1\n'))).reload.kind, 'pending');
      prometheus.outage = 'none';
      const result = await publish(bundle('a: 1\n'));
      assert.deepEqual([result.written, result.reload.kind], [[], 'confirmed']);
    });

    it('is believed within the second of the last one, because Prometheus tells whole seconds', async () => {
      for (const config of ['a: 1\n', 'a: 2\n', 'a: 3\n'])
        assert.equal((await publish(bundle(config))).reload.kind, 'confirmed');
    });

    it('is not believed when runtimeinfo does not show it', async () => {
      prometheus.showsReloads = false;
      await clock.sleep(5000, SIGNAL);
      const { reload } = await publish(bundle('a: 1\n'));
      assert.equal(reload.kind === 'pending' && reload.error.reason, 'ReloadTimeout');
    });

    const pending: readonly (readonly [string, () => void, string, string, RegExp])[] = [
      [
        'refuses connections',
        () => (prometheus.outage = 'refused'),
        'waiting',
        'PrometheusUnreachable',
        /127\.0\.0\.1:9090: Prometheus does not answer: fetch failed: connect ECONNREFUSED/,
      ],
      [
        'is replaying its log',
        () => (prometheus.outage = 'starting'),
        'waiting',
        'PrometheusUnreachable',
        /not ready yet \(HTTP 503\)/,
      ],
      [
        'hangs',
        () => (prometheus.outage = 'hanging'),
        'waiting',
        'PrometheusUnreachable',
        /no answer within 5 s/,
      ],
      [
        'has its lifecycle API off',
        () => prometheus.answers.push({ status: 403, body: 'Lifecycle API is not enabled.' }),
        'terminal',
        'LifecycleDisabled',
        /Start Prometheus with --web\.enable-lifecycle\./,
      ],
      [
        'is something else',
        () => prometheus.answers.push({ status: 404, body: 'nope' }),
        'terminal',
        'PrometheusUnreachable',
        /answered HTTP 404\. Check the Prometheus URL/,
      ],
    ];
    for (const [what, arrange, family, reason, message] of pending)
      it(`stays owed, with a ${family} error, when Prometheus ${what}`, async () => {
        arrange();
        const result = await publish(bundle('a: 1\n'));
        assert.equal(result.reload.kind, 'pending');
        const { error } = result.reload;
        assert.deepEqual([error.family, error.reason], [family, reason]);
        assert.match(formatError(error), message);
        assert.equal(await read('prometheus.yml'), 'a: 1\n');
      });

    it("is not believed when the configuration in force is somebody else's", async () => {
      const ours = bundle(`- files: [${WEB}]\n`);
      prometheus.config = 'scrape_configs: []\n';
      const { reload } = await publish(ours);
      assert.equal(reload.kind, 'pending');
      assert.deepEqual([reload.error.family, reload.error.reason], ['terminal', 'ForeignConfiguration']);
      assert.match(formatError(reload.error), /does not name targets\/web\.metrics\.json.*--config\.file/);
      prometheus.config = `- files: [/elsewhere/${WEB}]`;
      assert.equal((await publish(ours)).reload.kind, 'confirmed');
    });

    it('does not wait for an answer that no longer matters', async () => {
      prometheus.outage = 'hanging';
      const stop = new AbortController();
      const publishing = publisher({ clock: { ...clock, sleep: () => new Promise(() => {}) } }).publish(
        bundle('a: 1\n'),
        stop.signal,
      );
      stop.abort();
      assert.equal((await publishing).reload.kind, 'pending');
    });

    it('never shows the credentials of the URL', async () => {
      prometheus.outage = 'refused';
      const secret = publisher({ prometheusUrl: 'http://user:hunter2@127.0.0.1:9090/prefix/' });
      const { reload } = await secret.publish(bundle('a: 1\n'), SIGNAL);
      assert.equal(reload.kind, 'pending');
      assert.doesNotMatch(formatError(reload.error), /hunter2/);
      assert.deepEqual(prometheus.calls, ['GET /prefix/api/v1/status/runtimeinfo']);
    });

    it('cannot be asked of a URL that is none', () => {
      assert.throws(() => publisher({ prometheusUrl: 'localhost:9090' }), /not an http or https URL/);
    });
  });

  describe('a refused configuration', () => {
    const refusal = { status: 500, body: 'failed to reload config: line 4: field bogus not found\n' };

    it('gives way to the last good one, which is loaded again, and the words of Prometheus come out', async () => {
      await publish(bundle('good: 1\n'));
      prometheus.answers.push(refusal);
      const result = await publish(bundle('bad: 1\n'));
      assert.deepEqual(result.reload, {
        kind: 'rejected',
        message: 'line 4: field bogus not found',
        restored: true,
      });
      assert.equal(await read('prometheus.yml'), 'good: 1\n');
      assert.equal(reloads(), 3);
    });

    it('never shows the loaded version of a job the targets of the refused one', async () => {
      await publish(bundle('a: 1\n', { [WEB]: '["old"]\n' }));
      const seen: string[] = [];
      const publisherThatLooks = publisher({
        async fetch(url, init) {
          seen.push(await read(WEB));
          return prometheus.fetch(url, init);
        },
      });
      prometheus.answers.push({ status: 500, body: 'no' });
      const refused = await publisherThatLooks.publish(
        untried(bundle('a: 2\n', { [WEB]: '["new"]\n', [API]: '["first"]\n' })),
        SIGNAL,
      );
      assert.equal(refused.reload.kind, 'rejected');
      assert.deepEqual(new Set(seen), new Set(['["old"]\n']));
      assert.equal(await read(WEB), '["old"]\n');
      assert.deepEqual(refused.written, []);
      assert.deepEqual(refused.skipped?.toSorted(), [API, WEB]);
    });

    it('lets the targets of a changed job follow as soon as Prometheus takes it', async () => {
      await publish(bundle('a: 1\n', { [WEB]: '["old"]\n' }));
      const taken = await publish(untried(bundle('a: 2\n', { [WEB]: '["new"]\n', [API]: '[]\n' })));
      assert.deepEqual(taken.written.toSorted(), ['prometheus.yml', API, WEB]);
      assert.equal(taken.unchanged, 0);
      assert.equal(taken.skipped, undefined);
      assert.equal(await read(WEB), '["new"]\n');
    });

    it('deletes no target file, because the old jobs still read them', async () => {
      await publish(bundle('good: 1\n', { [WEB]: '[1]\n', [API]: '[]\n' }));
      prometheus.answers.push(refusal);
      const result = await publish(bundle('bad: 1\n', { [WEB]: '[2]\n' }));
      assert.deepEqual([result.written, result.deleted], [[WEB], []]);
      assert.equal(await read(API), '[]\n');
      const healed = await publish(bundle('good: 2\n', { [WEB]: '[2]\n' }));
      assert.deepEqual(healed.deleted, [API]);
    });

    it('is not offered again while it is the same, for a while, and targets go on meanwhile', async () => {
      const one = publisher();
      await one.publish(bundle(`good: ${WEB}\n`), SIGNAL);
      prometheus.answers.push(refusal);
      const refused = await one.publish(bundle('bad: 1\n'), SIGNAL);
      const asked = reloads();
      const again = await one.publish(bundle('bad: 1\n', { [WEB]: '[2]\n' }), SIGNAL);
      assert.deepEqual(again.reload, refused.reload);
      assert.deepEqual([again.written, reloads()], [[WEB], asked]);
      await clock.sleep(300_000, SIGNAL);
      assert.equal((await one.publish(bundle('bad: 1\n'), SIGNAL)).reload.kind, 'confirmed');
    });

    it('has nothing to give way to when it is the first', async () => {
      prometheus.answers.push(refusal);
      const { reload } = await publish(bundle('bad: 1\n'));
      assert.equal(reload.kind === 'rejected' && reload.restored, false);
    });

    it('gives way to the configuration that was there before the operator came', async () => {
      await mkdir(directory());
      await writeFile(join(directory(), 'prometheus.yml'), 'by: hand\n');
      prometheus.answers.push(refusal);
      const { reload } = await publish(bundle('bad: 1\n'));
      assert.equal(reload.kind === 'rejected' && reload.restored, true);
      assert.equal(await read('prometheus.yml'), 'by: hand\n');
    });

    it('leaves a reload owed when the last good one could not be loaded again', async () => {
      await publish(bundle('good: 1\n'));
      prometheus.answers.push(refusal, { status: 503 });
      const { reload } = await publish(bundle('bad: 1\n'));
      assert.equal(reload.kind === 'rejected' && reload.restored, false);
      const after: PublishResult = await publish(bundle('good: 1\n'));
      assert.deepEqual([after.written, after.reload.kind], [[], 'confirmed']);
    });
  });

  describe('files that no job names any more', () => {
    it('are deleted after the reload is confirmed', async () => {
      await publish(bundle('a: 1\n', { [WEB]: '[]\n', [API]: '[]\n' }));
      const result = await publish(bundle('a: 2\n'));
      assert.deepEqual(result.deleted, [API]);
      assert.deepEqual(await readdir(join(directory(), 'targets')), ['web.metrics.json']);
    });

    it('stay while the reload is owed', async () => {
      await publish(bundle('a: 1\n', { [WEB]: '[]\n', [API]: '[]\n' }));
      prometheus.outage = 'refused';
      assert.deepEqual((await publish(bundle('a: 2\n'))).deleted, []);
      prometheus.outage = 'none';
      assert.deepEqual((await publish(bundle('a: 2\n'))).deleted, [API]);
    });

    it('are deleted at once when there is nobody to reload', async () => {
      await withoutUrl().publish(bundle('a: 1\n', { [WEB]: '[]\n', [API]: '[]\n' }), SIGNAL);
      const result = await withoutUrl().publish(bundle('a: 2\n'), SIGNAL);
      assert.deepEqual(result.deleted, [API]);
    });
  });

  describe('the version', () => {
    it('is what buildinfo says', async () => {
      assert.equal(await publisher().prometheusVersion(SIGNAL), '2.42.0');
    });

    it('is unknown without a URL, and when Prometheus does not answer', async () => {
      assert.equal(await withoutUrl().prometheusVersion(SIGNAL), undefined);
      prometheus.outage = 'refused';
      assert.equal(await publisher().prometheusVersion(SIGNAL), undefined);
    });

    it('is unknown when the answer is not that of a Prometheus', async () => {
      for (const body of ['<html>', 'null', '{"data": []}', '{"data": {"version": 3}}', '']) {
        const fetch = async () => new Response(body);
        assert.equal(await publisher({ fetch }).prometheusVersion(SIGNAL), undefined);
      }
    });
  });
});
