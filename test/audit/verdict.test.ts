import assert from 'node:assert/strict';
import { judgeAudit } from '../../scripts/audit/verdict.ts';

const report = (...severities: readonly string[]): string =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(
      severities.map((severity, index) => [`p${index}`, { name: `p${index}`, severity, range: '<2' }]),
    ),
    metadata: { dependencies: { prod: 90, dev: 400 } },
  });

describe('the audit of the dependencies', () => {
  it('fails on what is high or critical, and names it', () => {
    assert.deepEqual(judgeAudit(report('low', 'high', 'moderate', 'critical')), {
      kind: 'vulnerable',
      findings: ['p1 <2: high', 'p3 <2: critical'],
    });
  });

  it('passes when nothing serious is known', () => {
    assert.deepEqual(judgeAudit(report()), { kind: 'clean', dependencies: 90 });
    assert.equal(judgeAudit(report('moderate')).kind, 'clean');
  });

  it('says that it was skipped when nobody answered, and never that all is well', () => {
    for (const [output, why] of [
      ['', 'npm audit printed no report'],
      ['<html>', 'npm audit printed no report'],
      ['{"error":{}}', 'npm audit printed no report'],
      ['{"message":"connect ECONNREFUSED","error":{}}', 'connect ECONNREFUSED'],
    ] as const)
      assert.deepEqual(judgeAudit(output), { kind: 'skipped', why });
  });
});
