import { flatObject as object, list, oneOf, text } from './schema-parts.ts';

/** JSON Schema of `faults:` in a scenario file; the types are in `fault.ts`. */

const positive = { type: 'integer', minimum: 1 } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const moment = oneOf('before', 'after');
const duration = { ...text, format: 'duration' } as const;

const effect = (
  kind: string,
  required: readonly string[] = [],
  properties: Readonly<Record<string, object>> = {},
) => object(['kind', ...required], { kind: { const: kind }, ...properties });

const EFFECTS = {
  error: effect('error', ['code'], {
    code: text,
    message: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    fields: { type: 'object' },
    when: moment,
  }),
  throttle: effect('throttle'),
  serverError: effect('serverError', [], { status: { enum: [500, 503] }, when: moment }),
  accessDenied: effect('accessDenied'),
  latency: effect('latency', ['delay'], {
    delay: duration,
    clock: oneOf('sandbox', 'elapse', 'real'),
    when: moment,
  }),
  timeout: effect('timeout', [], { when: moment }),
  reset: effect('reset', ['when'], { when: moment }),
  emptyPage: effect('emptyPage'),
  partialPage: effect('partialPage', ['token'], { keep: whole, token: oneOf('kept', 'lost') }),
  staleRead: effect('staleRead', ['age'], { age: duration }),
  malformed: effect('malformed', ['change'], {
    change: oneOf('drop', 'null', 'wrongType', 'huge', 'unknownMember', 'duplicate'),
    at: { ...list(text), minItems: 1 },
  }),
  garbled: effect('garbled', ['body'], {
    body: oneOf('html', 'empty', 'truncated', 'cutOff'),
    status: { type: 'integer', minimum: 200, maximum: 599 },
  }),
} as const;

export const EFFECT_KINDS: readonly string[] = Object.keys(EFFECTS);

export const faultSchema = object(['effect'], {
  service: oneOf('ecs', 'servicediscovery', 'ssm', 'logs', 's3', 'sts'),
  operation: { type: ['string', 'array'], items: text, minLength: 1, minItems: 1 },
  resource: text,
  caller: text,
  window: object([], { from: duration, until: duration }),
  nth: positive,
  after: whole,
  count: positive,
  probability: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  effect: {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: Object.values(EFFECTS),
  },
});
