import fc from 'fast-check';

/**
 * The same properties are tried with the same values in every run, so that a run fails because of the change in
 * it and not by luck. FAST_CHECK_SEED=random, or a number, looks elsewhere; a failure prints how to repeat it.
 */
const wanted = process.env['FAST_CHECK_SEED'] ?? '20260101';
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
