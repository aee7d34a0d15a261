/** A place in an answer: the names and indexes that lead to it from the root. */
export type Place = readonly string[];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const stepsOf = (value: Json): (readonly [step: string, inner: Json])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** Every place of an answer and what stands there, the root first. */
export function placesOf(value: Json, at: Place = []): { place: Place; value: Json }[] {
  return [{ place: at, value }, ...stepsOf(value).flatMap(([step, inner]) => placesOf(inner, [...at, step]))];
}

/** Whether a pattern such as `tasks.*.attachments` or `**.name` leads to a place. */
export function leadsTo(pattern: Place, place: Place): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return place.length === 0;
  if (first === '**') return leadsTo(rest, place) || (place.length > 0 && leadsTo(pattern, place.slice(1)));
  return place.length > 0 && (first === '*' || first === place[0]) && leadsTo(rest, place.slice(1));
}

const keyOf = (place: Place): string => JSON.stringify(place);

/** The answer with what `change` makes of the chosen places; undefined takes the place away. */
export function changeAt(
  root: Json,
  places: readonly Place[],
  change: (value: Json) => Json | undefined,
): Json | undefined {
  const chosen = new Set(places.map(keyOf));
  const rebuild = (value: Json, at: Place): Json | undefined => {
    const inner = stepsOf(value).flatMap(([step, each]): (readonly [string, Json])[] => {
      const rebuilt = rebuild(each, [...at, step]);
      return rebuilt === undefined ? [] : [[step, rebuilt]];
    });
    const rebuilt: Json = Array.isArray(value)
      ? inner.map(([, each]) => each)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(inner)
        : value;
    return chosen.has(keyOf(at)) ? change(rebuilt) : rebuilt;
  };
  return rebuild(root, []);
}
