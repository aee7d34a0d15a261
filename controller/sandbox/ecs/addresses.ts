/** Hands out private addresses, each to one task or container instance at a time. */
export interface AddressPool {
  take(): string;
  release(address: string): void;
}

export interface AddressPoolOptions {
  /** First address, for example `10.0.16.0`. */
  readonly first: string;
  /** Give a released address to the very next task, as a small subnet does. */
  readonly reuse: boolean;
}

const toNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const toText = (number: number): string =>
  [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');

/** Network and broadcast addresses of a /24, which no host carries. */
const isReserved = (number: number): boolean => (number & 255) === 0 || (number & 255) === 255;

export function addressPool({ first, reuse }: AddressPoolOptions): AddressPool {
  const released: string[] = [];
  let next = toNumber(first);
  return {
    take() {
      const again = reuse ? released.pop() : undefined;
      if (again !== undefined) return again;
      while (isReserved(next)) next += 1;
      return toText(next++);
    },
    release(address) {
      if (reuse) released.push(address);
    },
  };
}
