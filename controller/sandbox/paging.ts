export interface PageRequest {
  readonly maxResults: number;
  readonly token: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

const PREFIX = 'after:';

const tokenAfter = (key: string): string => Buffer.from(PREFIX + key).toString('base64url');

/** The key after which a page starts; undefined when the token was not made here. */
function keyOf(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(PREFIX) && tokenAfter(text.slice(PREFIX.length)) === token
    ? text.slice(PREFIX.length)
    : undefined;
}

/**
 * One page of `items`, which must be sorted by `key`. The token names a key, not a position, so items that come and
 * go between two pages neither repeat nor hide others.
 */
export function pageOf<T>(
  items: readonly T[],
  key: (item: T) => string,
  request: PageRequest,
  refuse: (token: string) => Error,
): Page<T> {
  const after = request.token === undefined ? undefined : keyOf(request.token);
  if (request.token !== undefined && after === undefined) throw refuse(request.token);
  const rest = after === undefined ? items : items.filter((item) => key(item) > after);
  const page = rest.slice(0, request.maxResults);
  const last = page.at(-1);
  return last === undefined || rest.length === page.length
    ? { items: page }
    : { items: page, nextToken: tokenAfter(key(last)) };
}
