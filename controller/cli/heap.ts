import { setFlagsFromString } from 'node:v8';

/** For a process that runs beside another one for months: V8 collects early instead of letting the heap grow first. */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  // Otherwise the young generation still grows to its default of 16 MiB, twice.
  setFlagsFromString('--semi-space-growth-factor=1');
}
