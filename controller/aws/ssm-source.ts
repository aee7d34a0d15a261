import type { Parameter } from '@aws-sdk/client-ssm';
import type { DocumentFile } from '../api/types.ts';
import { transient } from '../errors.ts';
import type { DocumentSource } from '../reconcile/ports.ts';
import { readAllPages } from './paginate.ts';
import { asRead } from './read.ts';
import { snapshotOf, unreadable } from './snapshot.ts';
import type { SourceAccess } from './source-access.ts';
import { parameterText } from './text-reader.ts';
import { text } from './values.ts';

interface SsmLocation {
  readonly uri: string;
  readonly path: string;
}

const PAGE = 10;

/** Documents in the parameters below a path, values included in the list; each parameter is one file. */
export function ssmSource(access: SourceAccess, location: SsmLocation): DocumentSource {
  return {
    uri: location.uri,
    async read(signal) {
      const listed = await asRead(listParameters(access, location, signal));
      if (listed.kind === 'failed') return unreadable(location.uri, listed.error);
      const reads = [...newestByName(listed.value).values()].map((parameter) => asRead(toFile(parameter)));
      return snapshotOf(location.uri, await Promise.all(reads));
    },
  };
}

async function listParameters(
  { clients, budget }: SourceAccess,
  { uri, path }: SsmLocation,
  signal: AbortSignal,
): Promise<readonly Parameter[]> {
  const client = await clients.ssm();
  const { GetParametersByPathCommand } = await import('@aws-sdk/client-ssm');
  return readAllPages(uri, async (NextToken) => {
    const input = {
      Path: withoutTrailingSlash(path),
      Recursive: true,
      WithDecryption: true,
      MaxResults: PAGE,
      ...(NextToken && { NextToken }),
    };
    const page = await budget.call('ssm:GetParametersByPath', { where: uri, signal }, (options) =>
      client.send(new GetParametersByPathCommand(input), options),
    );
    return { items: page.Parameters, token: page.NextToken };
  });
}

function withoutTrailingSlash(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}

/** A parameter that changes while the pages are read may come twice; its highest version counts. */
function newestByName(parameters: readonly Parameter[]): ReadonlyMap<string, Parameter> {
  const newest = new Map<string, Parameter>();
  for (const parameter of parameters) {
    const name = parameter.Name ?? '';
    const seen = newest.get(name);
    if (seen === undefined || (seen.Version ?? 0) < (parameter.Version ?? 0)) newest.set(name, parameter);
  }
  return newest;
}

async function toFile(parameter: Parameter): Promise<DocumentFile> {
  const { Version } = parameter;
  const name = text(parameter.Name);
  if (name === undefined)
    throw transient({ reason: 'IncompleteAnswer', message: 'SSM returned a parameter without a name.' });
  const file = `ssm://${name}`;
  return {
    file,
    text: parameterText(parameter, file),
    ...(Version !== undefined && { revision: String(Version) }),
  };
}
