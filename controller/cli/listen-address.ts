/** Where to listen, or that nobody shall. */
export type ListenAddress =
  { readonly kind: 'off' } | { readonly kind: 'address'; readonly host: string; readonly port: number };

const ADDRESS = /^(?:\[(?<ipv6>[\da-fA-F:.]+)\]|(?<host>[\da-zA-Z.-]+)):(?<port>\d{1,5})$/;

/** Undefined when the text is neither `HOST:PORT` nor `off`. The host is always named, so that nobody opens all of them unawares. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === 'off') return { kind: 'off' };
  const { ipv6, host = ipv6, port } = ADDRESS.exec(text)?.groups ?? {};
  if (host === undefined || port === undefined || Number(port) > 65_535) return undefined;
  return { kind: 'address', host, port: Number(port) };
}
