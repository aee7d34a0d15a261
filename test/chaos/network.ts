import type { Stage } from './actors.ts';
import { isWhole } from './answers.ts';
import type { SdkCall } from './calls.ts';
import { distort } from './lies.ts';
import type { Turnstile } from './turnstile.ts';

const SDK_TIMEOUT_MS = 15_000;

/** One call on its way to the sandbox and back, judged and written down. */
export function sendCall(call: SdkCall, turnstile: Turnstile, stage: Stage): Promise<unknown> {
  const { operation, input, signal } = call;
  const caller = call.caller.startsWith('guest') ? call.caller : 'controller';
  const { world, oracle, network, dice, journal } = stage;
  const rules = oracle.writesOf(caller);
  const timesOut = dice.chance(network.timeouts);
  const arrives = !timesOut || dice.chance(0.5);
  const act = async (): Promise<unknown> => {
    if (arrives) rules.before(operation, input, caller);
    const truth = arrives ? await world.sandbox.answer(call.request) : undefined;
    const recorded = arrives ? world.sandbox.recorder.calls().at(-1) : undefined;
    const { service = 'network', fault, outcome, done = false } = recorded ?? {};
    if (done && STATE.test(operation)) oracle.stored();
    const { lies } = network;
    const lie =
      truth !== undefined && lies !== undefined && dice.chance(lies.chance)
        ? distort(truth, lies.change, dice)
        : undefined;
    const whole = recorded !== undefined && !timesOut && isWhole(recorded) && lie === undefined;
    rules.after({ operation, input, caller, done, whole });
    if (caller === 'controller') oracle.answers.add({ service, operation, input, whole });
    if (lie?.credible === true) oracle.liedTo(operation, input);
    if (lie !== undefined) journal.add(`    lie: ${lie.what}`);
    if (fault !== undefined) journal.add(`    ${fault} -> ${outcome}`);
    if (timesOut) journal.add(`    timeout ${arrives ? 'after' : 'before'} the effect`);
    if (timesOut || truth === undefined)
      throw Object.assign(new Error('The request timed out.'), { name: 'TimeoutError' });
    return call.receive(lie?.answer ?? truth);
  };
  const delayMs = timesOut ? SDK_TIMEOUT_MS : Math.floor(dice.roll() * network.slowMs);
  return turnstile.enter(
    `${caller === 'controller' ? '' : `${caller} `}${operation} ${namesIn(input)}`,
    act,
    { signal, delayMs },
  );
}

/** How a controller stores what it owns. */
const STATE = /^(?:PUT |PutParameter$)/;

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
