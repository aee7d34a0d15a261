import { faultOf } from './errors.ts';
import { garbled } from './garbled.ts';
import { malformed } from './malformed.ts';
import type { Call } from '../call.ts';
import type { SandboxClock } from '../clock.ts';
import type { Strike } from '../faults.ts';
import type { History } from '../history.ts';
import type { SandboxResponse } from '../service.ts';
import type { Answer } from './answer.ts';
import type { GarbledEffect, LatencyEffect, Moment, PartialPageEffect } from './effect.ts';

export interface EffectParts {
  readonly clock: SandboxClock;
  readonly history: History;
  readonly account: string;
}

const response = (answer: SandboxResponse): Answer => ({ kind: 'response', response: answer });

function wait({ ms, clock: whose = 'sandbox' }: LatencyEffect, clock: SandboxClock): Promise<void> {
  if (whose === 'elapse' && clock.advance !== undefined) {
    clock.advance(ms);
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    if (whose === 'real') setTimeout(resolve, ms).unref();
    else clock.schedule(ms, resolve);
  });
}

async function slowly(effect: LatencyEffect, call: Call, { clock }: EffectParts): Promise<Answer> {
  const early = effect.when === 'after' ? await call.run() : undefined;
  await wait(effect, clock);
  return response(early ?? (await call.run()));
}

const runIfAfter = async (when: Moment | undefined, call: Call): Promise<void> => {
  if (when === 'after') await call.run();
};

async function partialPage({ keep = 1, token }: PartialPageEffect, call: Call): Promise<Answer> {
  return response(token === 'lost' ? await call.lostPage(keep) : await call.run({ pageSize: keep }));
}

async function garbledAnswer(effect: GarbledEffect, call: Call): Promise<Answer> {
  const answer = garbled(await call.run(), effect);
  return effect.body === 'cutOff' ? { kind: 'cutOff', response: answer } : response(answer);
}

/** Answers a call as the fault that hit it wants. */
export async function performEffect({ effect, chance }: Strike, call: Call, parts: EffectParts) {
  switch (effect.kind) {
    case 'error':
    case 'serverError':
      await runIfAfter(effect.when, call);
      throw faultOf(effect, call, parts.account);
    case 'throttle':
    case 'accessDenied':
      throw faultOf(effect, call, parts.account);
    case 'latency':
      return slowly(effect, call, parts);
    case 'timeout':
      await runIfAfter(effect.when, call);
      return { kind: 'silence' } satisfies Answer;
    case 'reset':
      await runIfAfter(effect.when, call);
      return { kind: 'reset' } satisfies Answer;
    case 'emptyPage':
      return response(await call.emptyPage());
    case 'partialPage':
      return partialPage(effect, call);
    case 'staleRead':
      return response(await call.run({ operations: parts.history.asOf(effect.ageMs)?.get(call.service) }));
    case 'malformed':
      return response(malformed(await call.run(), effect, chance));
    case 'garbled':
      return garbledAnswer(effect, call);
  }
}
