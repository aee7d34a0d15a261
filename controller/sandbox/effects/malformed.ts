import { changeAt, leadsTo, placesOf } from './places.ts';
import { readXml, writeXml } from './xml-answer.ts';
import type { SandboxResponse } from '../service.ts';
import type { Malformation, MalformedEffect } from './effect.ts';
import type { Json, Place } from './places.ts';

const HUGE = 1_000_000;

const isStructure = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function ofAnotherType(value: Json): Json {
  if (typeof value === 'string') return 7;
  if (typeof value === 'number') return 'not a number';
  if (typeof value === 'boolean') return 'perhaps';
  return Array.isArray(value) ? { unexpected: 'structure' } : 'unexpected text';
}

interface Change {
  /** Whether it can be made to what stands at a place. */
  readonly fits: (value: Json, place: Place) => boolean;
  readonly make: (value: Json) => Json | undefined;
}

const isMember = (_value: Json, place: Place): boolean => place.length > 0;

const CHANGES: Readonly<Record<Malformation, Change>> = {
  drop: { fits: isMember, make: () => undefined },
  null: { fits: isMember, make: () => null },
  wrongType: { fits: isMember, make: ofAnotherType },
  huge: {
    fits: (value) => typeof value === 'string',
    make: (value) => (typeof value === 'string' ? value.padEnd(HUGE, 'x') : value),
  },
  unknownMember: {
    fits: isStructure,
    make: (value) => (isStructure(value) ? { ...value, futureMember: { since: '2099' } } : value),
  },
  duplicate: {
    fits: (value) => Array.isArray(value) && value.length > 0,
    make: (value) => (Array.isArray(value) ? value.flatMap((item: Json) => [item, item]) : value),
  },
};

function chosenPlaces(answer: Json, { change, at }: MalformedEffect, chance: number): Place[] {
  const { fits } = CHANGES[change];
  const fitting = placesOf(answer).flatMap(({ place, value }) => (fits(value, place) ? [place] : []));
  if (at === undefined)
    return fitting.slice(Math.floor(chance * fitting.length)).filter((_place, index) => index === 0);
  const patterns = at.map((pattern) => pattern.split('.'));
  return fitting.filter((place) => patterns.some((pattern) => leadsTo(pattern, place)));
}

const malform = (answer: Json, effect: MalformedEffect, chance: number): Json =>
  changeAt(answer, chosenPlaces(answer, effect, chance), CHANGES[effect.change].make) ?? null;

/** A successful answer made wrong; errors and the content of objects stay as they are. */
export function malformed(answer: SandboxResponse, effect: MalformedEffect, chance: number): SandboxResponse {
  const type = answer.headers['content-type'] ?? '';
  const body = answer.body.toString();
  if (type.includes('json'))
    return { ...answer, body: JSON.stringify(malform(JSON.parse(body) as Json, effect, chance)) };
  const xml = type.includes('xml') ? readXml(body) : undefined;
  return xml === undefined
    ? answer
    : { ...answer, body: writeXml({ ...xml, content: malform(xml.content, effect, chance) }) };
}
