/** What stands in the place of a secret; the same text on both sides of a diff. */
export const MASK = '***';

const SECRET_KEY =
  /(?:^|[_-])(?:password|passwd|passphrase|secret|secrets|secret[_-]?key|client[_-]?secret|credentials|bearer[_-]?token|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|authorization)$/i;
/** A file reference is not a secret: the file holds it. `key` alone is the key in a TLS config. */
const HARMLESS_KEY = /(?:_file|_ref|File|Ref)$/;

const TLS_MATERIAL = /^(?:key|cert|ca)$/;
const CREDENTIALS_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi;

export function isSecretKey(key: string): boolean {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return !HARMLESS_KEY.test(key) && (SECRET_KEY.test(words) || TLS_MATERIAL.test(key));
}

/** Copies a parsed configuration with every secret masked; a map below a secret key is masked leaf by leaf. */
export function maskSecrets(value: unknown, secret = false): unknown {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, secret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        maskSecrets(inner, !isReference(key) && (secret || isSecretKey(key))),
      ]),
    );
  }
  if (secret) return MASK;
  return typeof value === 'string' ? maskUrls(value) : value;
}

const isReference = (key: string): boolean => HARMLESS_KEY.test(key) || key === 'type';

export function maskUrls(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, `$1${MASK}@`);
}
