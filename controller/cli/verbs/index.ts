import { apply } from './apply.ts';
import { demo } from './demo.ts';
import { plan } from './plan.ts';
import { render } from './render.ts';
import { run } from './run.ts';
import { sandbox } from './sandbox.ts';
import { validate } from './validate.ts';
import type { Verb } from './verb.ts';

/** In the order in which a newcomer meets them. */
export const VERBS: readonly Verb[] = [validate, plan, apply, run, render, demo, sandbox];
