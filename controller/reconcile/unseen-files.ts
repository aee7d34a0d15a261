import type { Endpoint, ScrapeTarget } from '../api/types.ts';
import type { RenderProblem } from '../scrape/render.ts';

/**
 * Files that documents name and that are not there for this process. Prometheus takes such a job and scrapes nothing;
 * it may also see mounts that this process does not, so that this is told and nothing is withheld for it.
 */
export async function findUnseenFiles(
  targets: readonly ScrapeTarget[],
  fileExists: (path: string) => Promise<boolean>,
): Promise<readonly RenderProblem[]> {
  const named = targets.flatMap(({ metadata, spec }) =>
    spec.endpoints.flatMap((endpoint) =>
      filesOf(endpoint).map((file) => ({ ...file, target: metadata.name, endpoint: endpoint.name })),
    ),
  );
  const paths = [...new Set(named.map(({ path }) => path))];
  const seen = new Map(await Promise.all(paths.map(async (path) => [path, await fileExists(path)] as const)));
  return named
    .filter(({ path }) => seen.get(path) !== true)
    .map(({ target, endpoint, field, path }) => ({
      target,
      endpoint,
      reason: 'FileNotSeen',
      message: `${field} ${path} of endpoint ${endpoint} is not there where the controller runs. The job is in the configuration all the same; when Prometheus does not see the file either, it does not scrape: put it there.`,
    }));
}

function filesOf({ tlsConfig, basicAuth, authorization }: Endpoint) {
  const files = {
    caFile: tlsConfig?.caFile,
    certFile: tlsConfig?.certFile,
    keyFile: tlsConfig?.keyFile,
    passwordFile: basicAuth?.passwordFile,
    credentialsFile: authorization?.credentialsFile,
  };
  return Object.entries(files).flatMap(([field, path]) => (path === undefined ? [] : [{ field, path }]));
}
