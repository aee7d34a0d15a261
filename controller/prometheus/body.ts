/** The beginning of a body, at most `limit` bytes; the connection is given up when there is more. */
export async function readBody(response: Response, limit: number): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < limit) {
    const { done, value } = await reader.read();
    if (done) return decode(chunks);
    chunks.push(value.subarray(0, limit - size));
    size += value.byteLength;
  }
  await reader.cancel();
  return decode(chunks);
}

function decode(chunks: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks));
}
