import type { Fault, Path } from '../faults.ts';
import type { DocumentEndpoint, DocumentTlsConfig } from '../scrapetarget.gen.ts';
import { checkFile } from './files.ts';

/** Credentials and TLS of one endpoint. */
export function checkAccess(endpoint: DocumentEndpoint, path: Path, directory: string): Fault[] {
  const { tlsConfig, basicAuth, authorization } = endpoint;
  return [
    ...checkExclusion(endpoint, path),
    ...(tlsConfig === undefined ? [] : checkTls(tlsConfig, [...path, 'tlsConfig'], directory)),
    ...checkFile(basicAuth?.passwordFile, [...path, 'basicAuth', 'passwordFile'], directory),
    ...checkFile(authorization?.credentialsFile, [...path, 'authorization', 'credentialsFile'], directory),
  ];
}

function checkExclusion({ basicAuth, authorization }: DocumentEndpoint, path: Path): Fault[] {
  const at = [...path, 'authorization'];
  if (authorization?.type?.toLowerCase() === 'basic') {
    const message =
      'The type Basic is not allowed here. Write `basicAuth: {username: …, passwordFile: …}` instead.';
    return [{ path: [...at, 'type'], reason: 'InvalidSpec', message }];
  }
  if (basicAuth === undefined || authorization === undefined) return [];
  const message = 'An endpoint has either `basicAuth` or `authorization`. Remove one of them.';
  return [{ path: at, at: 'key', reason: 'InvalidSpec', message }];
}

const FILES = ['caFile', 'certFile', 'keyFile'] as const;

function checkTls(tls: DocumentTlsConfig, path: Path, directory: string): Fault[] {
  return [
    ...FILES.flatMap((field) => checkFile(tls[field], [...path, field], directory)),
    ...checkKeyPair(tls, path),
    ...checkVersions(tls, path),
  ];
}

function checkKeyPair({ certFile, keyFile }: DocumentTlsConfig, path: Path): Fault[] {
  if ((certFile === undefined) === (keyFile === undefined)) return [];
  const [written, missing] = certFile === undefined ? ['keyFile', 'certFile'] : ['certFile', 'keyFile'];
  const message = `\`${written}\` is of no use without \`${missing}\`. Write both, or none.`;
  return [{ path: [...path, missing], reason: 'InvalidSpec', message }];
}

function checkVersions({ minVersion, maxVersion }: DocumentTlsConfig, path: Path): Fault[] {
  if (minVersion === undefined || maxVersion === undefined || minVersion <= maxVersion) return [];
  const message = `minVersion ${minVersion} is above maxVersion ${maxVersion}. Lower it.`;
  return [{ path: [...path, 'minVersion'], reason: 'InvalidSpec', message }];
}
