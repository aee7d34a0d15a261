/** Bounds on what a document source may make us read: generous to people, closed to hostile input. */
export const LIMITS = {
  /** Characters of one file. A character needs at most three bytes in UTF-8. */
  fileCharacters: 1024 * 1024,
  documentsPerFile: 1000,
  /** Documents of all files together; ten times the largest installation that is planned for. */
  documents: 20_000,
  /** Bytes of all documents of one source in AWS. */
  sourceBytes: 16 * 1024 * 1024,
  documentCharacters: 256 * 1024,
  nestingDepth: 64,
  /** Nodes of one document after its aliases are expanded. */
  nodes: 20_000,
  aliases: 1000,
  /** Characters of one key; every error below it repeats the key in its path. */
  keyCharacters: 1024,
  /** Errors that are told of one document; the rest is counted. */
  errorsPerDocument: 20,
  /** Characters of the author's own text that a message repeats. */
  quotedCharacters: 80,
} as const;

/** Where credentials that documents may name are kept unless the controller is told otherwise. */
export const DEFAULT_FILE_ACCESS_DIRECTORY = '/etc/prometheus/secrets';
