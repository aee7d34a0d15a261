import { readFileSync } from 'node:fs';

interface Usage {
  readonly cpuMs: number;
  readonly peakBytes: number;
}

/** Of this process since its start. */
export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, peakBytes: peakResidentBytes() };
}

/** getrusage may still count the process that started this one; Linux tells the peak of this program alone. */
function peakResidentBytes(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
