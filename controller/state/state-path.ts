/** The last part of where the status of one owner is stored. Without an extension: no source takes it for a document. */
const STATUS_NAME = 'status';
const INVENTORY_NAME = 'inventory';

/** Where the status of an owner is stored, below the place that all owners share. */
export function statusPath(owner: string): string {
  return `${encodeOwner(owner)}/${STATUS_NAME}`;
}

/** Where the inventory of an owner is stored, beside its status. */
export function inventoryPath(owner: string): string {
  return `${encodeOwner(owner)}/${INVENTORY_NAME}`;
}

/** Where the lease of an owner's controllers is stored, beside its status. */
export function leasePath(owner: string): string {
  return `${encodeOwner(owner)}/lease`;
}

/** Owners of the paths that {@link statusPath} made. */
export function ownersOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const [segment = '', name, ...rest] = path.split('/');
    return name === STATUS_NAME && rest.length === 0 && segment !== '' ? [decodeOwner(segment)] : [];
  });
}

/**
 * One segment of a path in S3, SSM and a file system: letters, digits, `_` and `-` stand for themselves, anything else
 * is a dot and its bytes. Different owners have different segments, and none is `.` or `..`.
 */
function encodeOwner(owner: string): string {
  return [...new TextEncoder().encode(owner)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(character) ? character : `.${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function decodeOwner(segment: string): string {
  const bytes = segment.match(/\.[0-9a-f]{2}|[^]/g) ?? [];
  return new TextDecoder().decode(
    Uint8Array.from(bytes, (part) =>
      part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
    ),
  );
}
