import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { parseDocuments } from '../../controller/api/parse.ts';
import { requirePrometheus } from '../support/prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

/** A relabel rule in the spelling of prometheus.yml. */
type Rule = Readonly<Record<string, unknown>>;

const ACCEPTED: readonly Rule[] = [
  { target_label: 'a', replacement: 'x' },
  { target_label: 'a', replacement: '' },
  { source_labels: ['a', '__b'], separator: '', regex: '(.*)', target_label: 'a_${1}_x', replacement: '$1' },
  { source_labels: ['a'], target_label: 'a$1$2' },
  { action: 'replace', target_label: 'a${1}b', regex: 'a)(b' },
  { action: 'keep' },
  { action: 'keep', source_labels: ['a'], regex: '' },
  {
    action: 'drop',
    source_labels: ['a'],
    regex: '(?i)(?P<n>x)|[[:alpha:]]|\\p{Greek}|\\Q(\\E|\\x{41}|a{1000}',
  },
  { action: 'drop', modulus: 3, target_label: 'not-a-name', replacement: '-' },
  { action: 'keepequal', source_labels: ['a'], target_label: 'b' },
  {
    action: 'dropequal',
    source_labels: ['a'],
    target_label: 'b',
    separator: ';',
    replacement: '$1',
    modulus: 0,
  },
  { action: 'hashmod', source_labels: ['a'], modulus: 10, target_label: '__tmp' },
  { action: 'labelmap', regex: '__meta_(.+)' },
  { action: 'labelmap', regex: '__meta_(.+)', replacement: 'x_${1}' },
  { action: 'labeldrop', regex: 'a', separator: ';', replacement: '$1' },
  { action: 'labelkeep', regex: 'a|b' },
  { action: 'lowercase', source_labels: ['a'], target_label: 'a', replacement: '$1' },
  { action: 'Uppercase', source_labels: ['a'], target_label: 'a', regex: 'ignored' },
];

const REFUSED: readonly Rule[] = [
  { replacement: 'x' },
  { action: 'keep', regex: '(' },
  { action: 'keep', regex: 'a{1001}' },
  { action: 'keep', regex: '(?=a)' },
  { action: 'keep', regex: 'x**' },
  { action: 'keep', regex: '\\8' },
  { action: 'keep', regex: '\\pX' },
  { action: 'keep', regex: 'a{2,1}' },
  { action: 'hashmod', source_labels: ['a'], target_label: 'a' },
  { action: 'hashmod', source_labels: ['a'], modulus: 0, target_label: 'a' },
  { action: 'hashmod', source_labels: ['a'], modulus: 2 },
  { action: 'hashmod', source_labels: ['a'], modulus: 2, target_label: '$1' },
  { action: 'lowercase', source_labels: ['a'] },
  { action: 'lowercase', source_labels: ['a'], target_label: 'a', replacement: 'x' },
  { action: 'keepequal', source_labels: ['a'] },
  { action: 'keepequal', source_labels: ['a'], target_label: 'b', regex: 'x' },
  { action: 'dropequal', source_labels: ['a'], target_label: 'b', separator: ',' },
  { action: 'dropequal', source_labels: ['a'], target_label: 'b', modulus: 2 },
  { action: 'labeldrop', regex: 'a', source_labels: ['b'] },
  { action: 'labeldrop', regex: 'a', target_label: 'b' },
  { action: 'labelkeep', regex: 'a', separator: ',' },
  { action: 'labelkeep', regex: 'a', replacement: 'x' },
  { action: 'labelkeep', regex: 'a', modulus: 1 },
];

const FIELDS: Readonly<Record<string, string>> = {
  source_labels: 'sourceLabels',
  target_label: 'targetLabel',
};

/** Whether a document with this rule is accepted. */
function accepts(rule: Rule): boolean {
  const ours = Object.fromEntries(Object.entries(rule).map(([key, value]) => [FIELDS[key] ?? key, value]));
  const document = {
    apiVersion: 'monitoring.ecs/v1alpha1',
    kind: 'ScrapeTarget',
    metadata: { name: 'a' },
    spec: {
      serviceRef: { cluster: 'c', service: 's' },
      registry: { namespace: 'n' },
      endpoints: [{ name: 'm', portNumber: 1, relabelings: [ours] }],
    },
  };
  return parseDocuments([{ file: 'a.yaml', text: dump(document) }]).errors.length === 0;
}

describe('relabel rules beside the real promtool', () => {
  let promtool: string;
  const directory = useTemporaryDirectory();

  before(async function () {
    promtool = (await requirePrometheus(this)).promtool;
  });

  const complaint = async (rules: readonly Rule[]): Promise<string> => {
    const path = join(directory(), 'prometheus.yml');
    await writeFile(path, dump({ scrape_configs: [{ job_name: 'a', relabel_configs: rules }] }));
    return new Promise((resolve) => {
      execFile(promtool, ['check', 'config', path], (error, stdout, stderr) =>
        resolve(error === null ? '' : stdout + stderr),
      );
    });
  };

  it('both accept what is right', async () => {
    assert.deepEqual(
      ACCEPTED.filter((rule) => !accepts(rule)),
      [],
    );
    assert.equal(await complaint(ACCEPTED), '');
  }).timeout(20_000);

  it('both refuse what is wrong', async () => {
    assert.deepEqual(REFUSED.filter(accepts), []);
    for (const rule of REFUSED) assert.notEqual(await complaint([rule]), '', JSON.stringify(rule));
  }).timeout(60_000);
});
