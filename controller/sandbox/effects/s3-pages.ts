import { withheld, withhold } from './empty-page.ts';
import type { SandboxRequest, SandboxResponse } from '../service.ts';

/** Pages of ListObjectsV2, whose tokens travel in the query and whose answers are XML. */

const TOKEN = 'continuation-token';
const MAX_KEYS = 1000;

const withQuery = (request: SandboxRequest, change: (query: URLSearchParams) => void): SandboxRequest => {
  const query = new URLSearchParams(request.query);
  change(query);
  return { ...request, query };
};

/** The request with the token that it had before an empty page was put in between. */
export function restoreS3Token(request: SandboxRequest): SandboxRequest {
  const original = withheld(request.query.get(TOKEN) ?? '');
  if (original === undefined) return request;
  return withQuery(request, (query) => {
    if (original === '') query.delete(TOKEN);
    else query.set(TOKEN, original);
  });
}

export function withMaxKeys(request: SandboxRequest, most: number): SandboxRequest {
  const asked = Number(request.query.get('max-keys') ?? MAX_KEYS);
  return withQuery(request, (query) => query.set('max-keys', String(Math.min(asked, most))));
}

const ITEM = /<(Contents|CommonPrefixes)>.*?<\/\1>/gs;
const CONTINUATION = /<NextContinuationToken>.*?<\/NextContinuationToken>/s;

/** An answer with only its first items. */
function keepItems(body: string, keep: number): string {
  let seen = 0;
  const cut = body.replace(ITEM, (item) => ((seen += 1) > keep ? '' : item));
  return cut.replace(/<KeyCount>\d+</, `<KeyCount>${Math.min(seen, keep)}<`);
}

/** The answer cut short, with nothing that says so. */
export function losePage(answer: SandboxResponse, keep: number): SandboxResponse {
  const body = keepItems(answer.body.toString(), keep)
    .replace(CONTINUATION, '')
    .replace('<IsTruncated>true<', '<IsTruncated>false<');
  return { ...answer, body };
}

/** The answer to the same request without items, and a token that {@link restoreS3Token} understands. */
export function emptyS3Page(answer: SandboxResponse, request: SandboxRequest): SandboxResponse {
  const token = withhold(request.query.get(TOKEN) ?? '');
  const body = keepItems(answer.body.toString(), 0)
    .replace(CONTINUATION, '')
    .replace(
      /<IsTruncated>.*?<\/IsTruncated>/,
      `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`,
    );
  return { ...answer, body };
}
