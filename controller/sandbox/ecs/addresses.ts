/** Hands out private addresses, each to one task or container instance at a time. */
export interface AddressPool {
  take(): string;
  release(address: string): void;
}

export interface AddressPoolOptions {
  /** First address, for example `10.0.16.1`. */
  readonly first: string;
  /** Give a released address to the very next task, as a small subnet does. */
  readonly reuse: boolean;
  /** After so many fresh addresses, released ones come back, the one released longest ago first. */
  readonly fresh?: number;
}

const toNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const toText = (number: number): string =>
  [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');

/** Network and broadcast addresses of a /24, which no host carries. */
const isReserved = (number: number): boolean => (number & 255) === 0 || (number & 255) === 255;

export function addressPool({ first, reuse, fresh = Infinity }: AddressPoolOptions): AddressPool {
  const released: string[] = [];
  let next = toNumber(first);
  let taken = 0;
  const again = (): string | undefined => {
    if (reuse) return released.pop();
    return taken >= fresh ? released.shift() : undefined;
  };
  return {
    take() {
      const address = again();
      if (address !== undefined) return address;
      while (isReserved(next)) next += 1;
      taken += 1;
      return toText(next++);
    },
    release(address) {
      if (reuse || Number.isFinite(fresh)) released.push(address);
    },
  };
}
