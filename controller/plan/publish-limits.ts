import { LIMITS } from '../api/limits.ts';
import type { DocumentFile } from '../api/types.ts';
import type { OperatorErrorDetails } from '../errors.ts';

/** A document of the directory in its place at the destination. */
export interface PlacedDocument {
  /** Relative to the directory and to the destination. */
  readonly path: string;
  readonly text: string;
  readonly source: DocumentFile;
}

export type ParameterTier = 'standard' | 'advanced' | 'intelligent';

/** What the destination would refuse, or would take and never give back: told before the first write. */
export function destinationFaults(
  to: string,
  documents: readonly PlacedDocument[],
  tier: ParameterTier,
): readonly OperatorErrorDetails[] {
  const faults = to.startsWith('ssm:') ? parameterFaults : objectFaults;
  return [
    ...documents.flatMap((document) =>
      faults(to + document.path, document, tier).map((fault) => ({ ...fault, where: document.source.file })),
    ),
    ...totalFaults(to, documents),
  ];
}

function totalFaults(where: string, documents: readonly PlacedDocument[]): readonly OperatorErrorDetails[] {
  const bytes = documents.reduce((sum, { text }) => sum + byteLength(text), 0);
  if (bytes <= LIMITS.sourceBytes) return [];
  const message = `The documents have ${bytes} bytes together; a source is read up to ${LIMITS.sourceBytes}.`;
  return [
    { where, ...fault('SourceTooLarge', message, 'Split the directory, and name each part with --source.') },
  ];
}

type Fault = Omit<OperatorErrorDetails, 'where'>;

const MAX_KEY_BYTES = 1024;

function objectFaults(uri: string, { path }: PlacedDocument): readonly Fault[] {
  const key = uri.slice(uri.indexOf('/', 's3://'.length) + 1);
  return [
    ...extensionFaults(path),
    ...(byteLength(key) > MAX_KEY_BYTES
      ? [
          fault(
            'InvalidName',
            `Its key would have ${byteLength(key)} bytes; S3 allows ${MAX_KEY_BYTES}.`,
            SHORTER,
          ),
        ]
      : []),
    ...(/\p{Cc}/u.test(path)
      ? [fault('InvalidName', 'Its name holds a control character.', 'Rename the file.')]
      : []),
  ];
}

/** Who reads the destination goes by the extension, in lower case. */
const extensionFaults = (path: string): readonly Fault[] =>
  /\.(?:ya?ml|json)$/.test(path)
    ? []
    : [
        fault(
          'InvalidName',
          'Its name does not end in .yaml, .yml or .json in lower case, so it would not be read back.',
          'Rename the file.',
        ),
      ];

const MAX_BYTES = { standard: 4096, advanced: 8192, intelligent: 8192 } as const;
const MAX_LEVELS = 15;
/** AWS counts the ARN: 1011 characters less its longest beginning. */
const MAX_NAME = 1011 - 'arn:aws-us-gov:ssm:ap-southeast-1:123456789012:parameter'.length;
const SHORTER = 'Use a shorter prefix or shorter names.';
const USE_S3 = 'publish to s3://, which has no such limit';

function parameterFaults(uri: string, document: PlacedDocument, tier: ParameterTier): readonly Fault[] {
  return [
    ...extensionFaults(document.path),
    ...nameFaults(uri.slice('ssm://'.length), document.path),
    ...sizeFaults(byteLength(document.text), tier),
    ...braceFaults(document.text),
  ];
}

function nameFaults(name: string, path: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(path))
    faults.push(
      fault(
        'InvalidName',
        'The name of a parameter holds letters, digits and _ . - / only, and this file would be named otherwise.',
        'Rename the file or its directory.',
      ),
    );
  if (/^\/(?:aws|ssm)/i.test(name))
    faults.push(
      fault(
        'InvalidName',
        'AWS keeps parameter names that begin with aws or ssm for itself.',
        'Use another prefix.',
      ),
    );
  if (name.split('/').length - 1 > MAX_LEVELS)
    faults.push(fault('InvalidName', `SSM allows ${MAX_LEVELS} levels in a name.`, SHORTER));
  if (name.length > MAX_NAME)
    faults.push(
      fault(
        'InvalidName',
        `Its parameter name would have ${name.length} characters; SSM allows ${MAX_NAME}.`,
        SHORTER,
      ),
    );
  return faults;
}

function sizeFaults(bytes: number, tier: ParameterTier): readonly Fault[] {
  if (bytes <= MAX_BYTES[tier]) return [];
  const message = `It has ${bytes} bytes; a parameter of the ${tier} tier holds ${MAX_BYTES[tier]}.`;
  const remedy =
    bytes <= MAX_BYTES.advanced
      ? `Split the file, use --tier advanced or intelligent (AWS charges for advanced parameters, and they never become standard again), or ${USE_S3}.`
      : `Split the file, or ${USE_S3}.`;
  return [fault('TextTooLarge', message, remedy)];
}

function braceFaults(text: string): readonly Fault[] {
  const found = /\{\{[\s\S]*\}\}/.exec(text);
  if (found === null) return [];
  const line = text.slice(0, found.index).split('\n').length;
  return [
    fault(
      'InvalidText',
      `Line ${line} holds {{, which SSM takes for the name of another parameter and refuses.`,
      `Write it without {{ }}, or ${USE_S3}.`,
    ),
  ];
}

const fault = (reason: string, message: string, remedy: string): Fault => ({ reason, message, remedy });

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
