import { malformed } from '../../controller/sandbox/effects/malformed.ts';
import { placesOf } from '../../controller/sandbox/effects/places.ts';
import { readXml } from '../../controller/sandbox/effects/xml-answer.ts';
import type { Answer } from '../../controller/sandbox/effects/answer.ts';
import type { Json, Place } from '../../controller/sandbox/effects/places.ts';
import type { SandboxResponse } from '../../controller/sandbox/service.ts';
import type { Dice } from './random.ts';

export type Distortion = 'drop' | 'null' | 'wrongType';

export interface Lie {
  readonly answer: Answer;
  readonly what: string;
  /** Whether nobody could see that the answer is wrong: an item of a list is gone, or the token of its next page. */
  readonly credible: boolean;
}

/** A successful answer with one place of it made wrong; undefined where there is no such place. */
export function distort(answer: Answer, change: Distortion, dice: Dice): Lie | undefined {
  if (answer.kind !== 'response' || answer.response.status !== 200) return undefined;
  const place = dice.anyOf(
    placesOf(contentOf(answer.response)).flatMap((each) => (each.place.length > 0 ? [each.place] : [])),
  );
  if (place === undefined || place.some((step) => step.includes('.'))) return undefined;
  const effect = { kind: 'malformed', change, at: [place.join('.')] } as const;
  return {
    answer: { kind: 'response', response: malformed(answer.response, effect, 0) },
    what: `${change} ${place.join('.')}`,
    credible: change !== 'wrongType' && isCredible(place),
  };
}

const isCredible = (place: Place): boolean => /^(?:\d+|nextToken)$/i.test(place.at(-1) ?? '');

function contentOf({ headers, body }: SandboxResponse): Json {
  const type = headers['content-type'] ?? '';
  const text = body.toString();
  if (type.includes('json')) return JSON.parse(text) as Json;
  return type.includes('xml') ? (readXml(text)?.content ?? null) : null;
}
