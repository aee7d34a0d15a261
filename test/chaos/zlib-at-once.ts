import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

let patched = false;

/** Compression works in threads, on which a simulation cannot wait: here it is done at once. */
export function compressAtOnce(): void {
  if (patched) return;
  patched = true;
  Object.assign(zlib, { gzip: atOnce(zlib.gzipSync), gunzip: atOnce(zlib.gunzipSync) });
  syncBuiltinESMExports();
}

type Done = (error: unknown, result?: Buffer) => void;

const atOnce =
  (work: (data: Buffer, options?: zlib.ZlibOptions) => Buffer) =>
  (data: Buffer, ...rest: readonly [Done] | readonly [zlib.ZlibOptions, Done]): void => {
    const [options, done] = rest.length === 2 ? rest : [undefined, rest[0]];
    try {
      done(undefined, work(data, options));
    } catch (thrown) {
      done(thrown);
    }
  };
