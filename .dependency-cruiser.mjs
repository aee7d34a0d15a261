/** The walls between the rooms of controller/. Every rule says what to do when you hit it. */
const PURE = '^controller/(api|state|plan|scrape|status)/|^controller/errors\\.ts$';

export default {
  forbidden: [
    {
      name: 'nouns-stand-alone',
      severity: 'error',
      comment:
        'api/, state/ and errors.ts are the words everybody uses: they import nothing but one another. Pass what you need in as a value.',
      from: { path: '^controller/(api|state)/|^controller/errors\\.ts$' },
      to: { path: '^controller/', pathNot: '^controller/(api|state)/|^controller/errors\\.ts$' },
    },
    {
      name: 'deciding-is-pure',
      severity: 'error',
      comment:
        'plan/, scrape/ and status/ decide. Pass the value in as data, or move the effect to an edge and call it from reconcile/.',
      from: { path: '^controller/(plan|scrape|status)/' },
      to: { path: '^controller/', pathNot: PURE },
    },
    {
      name: 'pure-rooms-touch-nothing',
      severity: 'error',
      comment:
        'A pure room imports no Node.js module except node:crypto for hashes. Read it at an edge and hand the value in.',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'reconcile-knows-ports-only',
      severity: 'error',
      comment:
        'reconcile/ calls the world through reconcile/ports.ts. Add the method to the port and implement it at the edge.',
      from: { path: '^controller/reconcile/' },
      to: { path: '^controller/(documents|aws|prometheus|server|sandbox|cli)/' },
    },
    {
      name: 'edges-do-not-meet',
      severity: 'error',
      comment:
        'An edge imports the pure rooms, signals.ts, make-directory.ts and the types of reconcile/ports.ts only. Two edges meet in reconcile/ or in cli/wire.ts.',
      from: { path: '^controller/(documents|aws|prometheus|server|sandbox)/' },
      to: {
        path: '^controller/',
        pathNot: ['^controller/$1/', PURE, '^controller/(signals|make-directory|reconcile/ports)\\.ts$'],
      },
    },
    {
      name: 'ports-are-types-at-the-edges',
      severity: 'error',
      comment: 'An edge implements an interface of reconcile/ports.ts: use "import type".',
      from: { path: '^controller/(documents|aws|prometheus|server|sandbox)/' },
      to: { path: '^controller/reconcile/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-cli',
      severity: 'error',
      comment: 'cli/ is the outermost ring. Move the shared piece inwards.',
      from: { path: '^controller/', pathNot: '^controller/cli/' },
      to: { path: '^controller/cli/' },
    },
    {
      name: 'only-wire-builds-edges',
      severity: 'error',
      comment:
        'cli/wire.ts is the only place that constructs edges (sandbox and demo verbs own the sandbox). Ask wire for the port.',
      from: {
        path: '^controller/cli/',
        pathNot: '^controller/cli/(wire(-servers)?\\.ts$|demo/|verbs/(demo|sandbox)\\.ts$)',
      },
      to: {
        path: '^controller/(documents|aws|prometheus|server|sandbox)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-aws-imports-the-sdk',
      severity: 'error',
      comment: 'Add the call to the narrow interface in aws/ and use that.',
      from: { path: '^controller/', pathNot: '^controller/aws/' },
      to: { path: 'node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'restrict-fs-access',
      severity: 'error',
      comment:
        'Documents are read in documents/, the bundle is written in prometheus/, scenarios and saved output belong to sandbox/ and cli/.',
      from: {
        path: '^controller/',
        pathNot: '^controller/(documents|prometheus|sandbox|cli)/|^controller/make-directory\\.ts$',
      },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Move the shared noun to state/.',
      from: { path: '^controller/' },
      to: { circular: true },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      comment: 'Nothing that ships may depend on test/ or scripts/.',
      from: { path: '^controller/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'not-unreachable',
      severity: 'error',
      comment: 'Nothing that main.ts reaches uses this file: wire it in or delete it.',
      from: { path: '^controller/cli/main\\.ts$' },
      to: { path: '^controller/', reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
