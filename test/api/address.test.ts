import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAddress } from '../../controller/api/checks/address.ts';
import type { DocumentRelabelRule } from '../../controller/api/scrapetarget.gen.ts';

/** Parts out of which the address can be put together. */
const PARTS = ['__', 'address__', '__address', '__address__', 'x'];
const GROUPS = ['$1', '${1}'];

const template = fc
  .array(fc.constantFrom(...PARTS, ...GROUPS, ...GROUPS), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const regex = fc
  .tuple(fc.constantFrom('', ...PARTS), fc.constantFrom('(.*)', '(.+)'), fc.constantFrom('', ...PARTS))
  .map((parts) => parts.join(''));
/** Neither labels nor parameters of a document may hold the whole name. */
const name = template.filter((text) => !/\$|__address__/.test(text));

const rule: fc.Arbitrary<DocumentRelabelRule> = fc.oneof(
  fc.record({
    action: fc.constant('replace' as const),
    sourceLabels: fc.array(name, { maxLength: 2 }),
    regex,
    targetLabel: template,
    replacement: fc.constantFrom('evil', '$1', 'address__', '__address__'),
  }),
  fc.record({ action: fc.constant('labelmap' as const), regex, replacement: template }),
  fc.record({
    action: fc.constant('lowercase' as const),
    sourceLabels: fc.array(name),
    targetLabel: template,
  }),
);

const REAL = '10.0.0.1:80';

type Labels = ReadonlyMap<string, string>;

const LABEL = /^[a-zA-Z_]\w*$/;

function matched(rule: DocumentRelabelRule, text: string): ((template: string) => string) | undefined {
  const groups = new RegExp(`^(?:${rule.regex ?? '(.*)'})$`).exec(text);
  if (groups === null) return undefined;
  return (template) => template.replaceAll(/\$(?:\{1\}|1)/g, () => groups[1] ?? '');
}

/** What Prometheus does with a rule, as far as the rules above go. */
function relabel(labels: Labels, rule: DocumentRelabelRule): Labels {
  const result = new Map(labels);
  if (rule.action === 'labelmap') {
    for (const [label, value] of labels) {
      const made = matched(rule, label)?.(rule.replacement ?? '$1');
      if (made !== undefined && LABEL.test(made)) result.set(made, value);
    }
    return result;
  }
  const value = (rule.sourceLabels ?? []).map((label) => labels.get(label) ?? '').join(';');
  if (rule.action === 'lowercase') return result.set(rule.targetLabel ?? '', value.toLowerCase());
  const expand = matched(rule, value);
  const target = expand?.(rule.targetLabel ?? '') ?? '';
  return LABEL.test(target) ? result.set(target, expand?.(rule.replacement ?? '$1') ?? '') : result;
}

/** Each of these sends Prometheus to `evil`, with these labels of a document. */
const OWN = { job: '__address__', xaddress__: 'evil' };
const DETOURS: Readonly<Record<string, readonly DocumentRelabelRule[]>> = {
  'by name': [{ targetLabel: '__address__', replacement: 'evil' }],
  'by a template': [{ sourceLabels: ['job'], regex: '(.*)', targetLabel: '$1', replacement: 'evil' }],
  'by a labelmap': [{ action: 'labelmap', regex: 'xa.*', replacement: '__address__' }],
  'by a labelmap with a beginning': [{ action: 'labelmap', regex: 'x(.*)', replacement: '__$1' }],
  'by a template and a labelmap': [
    { sourceLabels: ['job'], regex: '(.*)', targetLabel: 'team_$1', replacement: 'evil' },
    { action: 'labelmap', regex: 'team_(.*)' },
  ],
  'by two labelmaps': [
    { action: 'labelmap', regex: 'x(.*)', replacement: 'y__$1' },
    { action: 'labelmap', regex: 'y(.*)', replacement: '${1}' },
  ],
};

const addressAfter = (rules: readonly DocumentRelabelRule[], own: Readonly<Record<string, string>>) =>
  rules.reduce<Labels>(relabel, new Map(Object.entries({ ...own, __address__: REAL }))).get('__address__');

describe('relabel rules of a document', () => {
  for (const [way, rules] of Object.entries(DETOURS))
    it(`are refused when they send Prometheus elsewhere ${way}`, () => {
      assert.equal(addressAfter(rules, OWN), 'evil');
      assert.notDeepEqual(checkAddress(rules, []), []);
    });

  it('never send Prometheus elsewhere when they are accepted', () => {
    const labels = fc.dictionary(name, fc.constantFrom('evil', '__address__', 'address__', '_'));
    let accepted = 0;
    fc.assert(
      fc.property(labels, fc.array(rule, { minLength: 1, maxLength: 4 }), (own, rules) => {
        fc.pre(checkAddress(rules, []).length === 0);
        accepted += 1;
        assert.equal(addressAfter(rules, own), REAL);
      }),
      { numRuns: 1000, maxSkipsPerRun: 200 },
    );
    assert.ok(accepted > 500);
  }).timeout(20_000);
});
