import type { Stage } from './actors.ts';
import { isWhole } from './answers.ts';
import type { SdkCall } from './calls.ts';
import type { Turnstile } from './turnstile.ts';

const SDK_TIMEOUT_MS = 15_000;

/** One call on its way to the sandbox and back, judged and written down. */
export function sendCall(call: SdkCall, turnstile: Turnstile, stage: Stage): Promise<unknown> {
  const { operation, input, signal } = call;
  const { world, oracle, network, dice, journal } = stage;
  const timesOut = dice.chance(network.timeouts);
  const arrives = !timesOut || dice.chance(0.5);
  const act = async (): Promise<unknown> => {
    if (arrives) oracle.writes.before(operation, input);
    const [answer] = arrives ? await Promise.allSettled([world.sandbox.answer(call.request).then(call.receive)]) : [];
    const recorded = arrives ? world.sandbox.recorder.calls().at(-1) : undefined;
    const { service = 'network', fault, outcome, done = false } = recorded ?? {};
    oracle.writes.after(operation, input, done);
    const whole = recorded !== undefined && !timesOut && isWhole(recorded);
    oracle.answers.add({ service, operation, input, whole });
    if (fault !== undefined) journal.add(`    ${fault} -> ${outcome}`);
    if (timesOut) journal.add(`    timeout ${arrives ? 'after' : 'before'} the effect`);
    if (timesOut || answer === undefined)
      throw Object.assign(new Error('The request timed out.'), { name: 'TimeoutError' });
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
  const delayMs = timesOut ? SDK_TIMEOUT_MS : Math.floor(dice.roll() * network.slowMs);
  return turnstile.enter(`${operation} ${namesIn(input)}`, act, { signal, delayMs });
}

const namesIn = (input: Readonly<Record<string, unknown>>): string =>
  [
    input['services'],
    input['service'],
    input['serviceName'],
    input['Name'],
    input['Id'],
    input['ResourceARN'],
    input['taskDefinition'],
  ]
    .flat()
    .filter((each) => typeof each === 'string')
    .map((each) => each.slice(each.lastIndexOf('/') + 1))
    .join(' ');
