/** Milliseconds by part. */
export type Times = Readonly<Record<string, number>>;

/** Which part of the tests a file belongs to; the first match counts. */
export const parts: readonly (readonly [pattern: RegExp, part: string])[] = [
  [/^test\/azure\/machines\/real\//, 'real machines'],
  [/^test\/azure\/(server\/azure-cli|packer)/, 'Azure CLI and Packer'],
  [/^test\/azure\//, 'simulated Azure'],
  [/^test\/conformance\//, 'conformance'],
  [/^test\/pipeline\//, 'pipeline player'],
  [/^test\/mutations\//, 'list of guards'],
  [/^test\/build\/|^test\/tidy/, 'build and tidiness'],
  [/^test\/bad-input\//, 'bad input'],
  [/^test\/scenarios\/real-nodes/, 'real nodes'],
  [
    /^test\/(scenarios|UpgradeScaleSetNodes|RollbackScaleSet)\/(killed|switches|cancelled|crash)/,
    'killed and cancelled runs',
  ],
  [/^test\/scenarios\/worlds\//, 'random worlds'],
  [/^test\/scenarios\//, 'bundled tasks'],
  [/^test\/examples\//, 'examples'],
  [/^test\/common\//, 'rooms of common/'],
];

export const partOf = (file: string): string => parts.find(([pattern]) => pattern.test(file))?.[1] ?? 'tasks';
