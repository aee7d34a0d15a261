import assert from 'node:assert/strict';
import { formatAge } from '../../controller/status/age.ts';

const [S, M, H, D] = [1000, 60_000, 3_600_000, 86_400_000];

describe('an age', () => {
  for (const [ms, text] of [
    [0, '0s'],
    [-5 * S, '0s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [5 * M + 30 * S, '5m30s'],
    [179 * M, '179m'],
    [3 * H + 5 * M, '3h5m'],
    [8 * H + 5 * M, '8h'],
    [47 * H, '47h'],
    [3 * D + 4 * H, '3d4h'],
    [400 * D, '400d'],
    [NaN, '?'],
  ] as const)
    it(`of ${ms} ms is ${text}, as kubectl prints it`, () => assert.equal(formatAge(ms), text));
});
