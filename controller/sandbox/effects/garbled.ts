import type { SandboxResponse } from '../service.ts';
import type { GarbledEffect } from './effect.ts';

const PAGE =
  '<html>\r\n<head><title>Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n';

const half = (answer: SandboxResponse): Buffer => {
  const body = Buffer.from(answer.body);
  return body.subarray(0, body.length >> 1);
};

/** The first half of a body whose whole length is announced. */
export const firstHalf = (answer: SandboxResponse): SandboxResponse => ({
  ...answer,
  headers: { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) },
  body: half(answer),
});

function withBody(answer: SandboxResponse, body: Buffer | string, type?: string): SandboxResponse {
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...(type !== undefined && { 'content-type': type }),
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** An answer whose body is not what the protocol wants; `cutOff` is for the connection to do. */
export function garbled(answer: SandboxResponse, effect: GarbledEffect): SandboxResponse {
  const status = effect.status ?? 200;
  switch (effect.body) {
    case 'html':
      return { ...withBody(answer, PAGE, 'text/html'), status };
    case 'empty':
      return { ...withBody(answer, ''), status };
    case 'truncated':
      return { ...withBody(answer, half(answer)), status };
    case 'cutOff':
      return { ...firstHalf(answer), status };
  }
}
