import { listMembers } from './lists.ts';

const WITHHELD = 'withheld:';

/** A token that stands for the one that the caller sent; empty for none. */
export const withhold = (token: string): string => Buffer.from(WITHHELD + token).toString('base64url');

/** What {@link withhold} was given; undefined for a token of another make. */
export function withheld(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(WITHHELD) ? text.slice(WITHHELD.length) : undefined;
}

type Input = Readonly<Record<string, unknown>>;

/** An answer without items that AWS may give to any list call, with a token that {@link restoreToken} understands. */
export function emptyPage(service: string, operation: string, input: Input): Input | undefined {
  const list = listMembers(service, operation);
  if (list === undefined) return undefined;
  const token = restoreToken(service, operation, input)[list.token];
  const none = list.items === 'Status' ? {} : [];
  return { [list.items]: none, [list.token]: withhold(typeof token === 'string' ? token : '') };
}

/** The input with the token that it had before an empty page was put in between. */
export function restoreToken(service: string, operation: string, input: Input): Input {
  const list = listMembers(service, operation);
  const token = list === undefined ? undefined : input[list.token];
  const original = typeof token === 'string' ? withheld(token) : undefined;
  if (list === undefined || original === undefined) return input;
  const { [list.token]: _, ...rest } = input;
  return original === '' ? rest : { ...rest, [list.token]: original };
}
