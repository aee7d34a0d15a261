import assert from 'node:assert/strict';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

describe('architecture', () => {
  it('lets imports flow inwards only', async () => {
    const options = await extractDepcruiseOptions('./.dependency-cruiser.mjs');
    const { output } = await cruise(['controller'], options, undefined, {
      tsConfig: extractTSConfig('./tsconfig.json'),
    });
    const { summary } = output as ICruiseResult;
    // A cruise over nothing passes every rule, so the number of modules is part of the claim.
    assert.ok(summary.totalCruised > 60, `only ${summary.totalCruised} modules were cruised`);
    assert.deepEqual(
      summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`),
      [],
    );
  }).timeout(30_000);
});
