import {
  AwsFault,
  type HttpService,
  type SandboxContext,
  type SandboxRequest,
  type SandboxResponse,
} from './service.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

const xmlResponse = (status: number, body: string): SandboxResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The form of an awsQuery request; undefined when the request is not one. */
function formOf(request: SandboxRequest): URLSearchParams | undefined {
  if (request.method === 'GET' && request.query.has('Action')) return request.query;
  const type = request.headers['content-type'] ?? '';
  if (request.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(request.body.toString());
}

function callerIdentity({ account }: SandboxContext): SandboxResponse {
  const result =
    `<Arn>arn:aws:iam::${account}:root</Arn>` +
    `<UserId>${account}</UserId>` +
    `<Account>${account}</Account>`;
  return xmlResponse(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}">` +
      `<GetCallerIdentityResult>${result}</GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata>` +
      `</GetCallerIdentityResponse>`,
  );
}

function errorResponse({ code, message, status }: AwsFault): SandboxResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return xmlResponse(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}">` +
      `<Error><Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>` +
      `<RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
  );
}

export interface Sts {
  readonly service: HttpService;
}

export function createSts(context: SandboxContext): Sts {
  return {
    service: {
      protocol: 'http',
      name: 'sts',
      operationNames: ['GetCallerIdentity'],
      operation(request) {
        const form = formOf(request);
        return form?.get('Version') === '2011-06-15' ? (form.get('Action') ?? undefined) : undefined;
      },
      handle(_request, operation) {
        if (operation !== 'GetCallerIdentity')
          throw new AwsFault('InvalidAction', `Could not find operation ${operation} for version 2011-06-15`);
        return callerIdentity(context);
      },
      fault: errorResponse,
    },
  };
}
