import { type Import, importsOf, type Source } from './source.ts';

/** Files of one place may not import what matches the other. */
interface Wall {
  readonly from: RegExp;
  readonly to: RegExp;
  /** Types are gone when the code runs; some walls let them through. */
  readonly typesPass?: boolean;
  readonly because: string;
}

const pure = /^tasks\/common\/(rollout|report)\//;

/** "Imports point one way" (docs/architecture.md), as a table. */
const walls: readonly Wall[] = [
  {
    from: pure,
    to: /^tasks\/(?!common\/(rollout|report|record)\/|common\/failure\.ts)/,
    because: 'this room is pure: rollout, report and failure only',
  },
  {
    from: pure,
    to: /^tasks\/common\/record\//,
    typesPass: true, // a page may show a record; reading and writing one is not its business
    because: 'this room is pure: of the record it knows the shape',
  },
  { from: pure, to: /^(?!tasks\/|node:assert)/, because: 'this room is pure: no library and no Node module' },
  {
    from: /^tasks\/common\/[^/]+\.ts$/,
    to: /^tasks\/common\/[^/]+\//,
    typesPass: true,
    because: 'the ground floor knows no room',
  },
  {
    from: /^tasks\/common\/network\//,
    to: /^tasks\/common\/(?!network\/)[^/]+\//,
    because: 'the way out of this machine knows no room',
  },
  {
    from: /^tasks\/common\/sign-in\//,
    to: /^tasks\/common\/(?!(sign-in|network)\/|agent\/harmless\.ts)[^/]+\//,
    because: 'a token is got before there is anything to call with it',
  },
  { from: /^tasks\/common\//, to: /^tasks\/(?!common\/)/, because: 'common knows no task' },
  {
    from: /^tasks\/common\/(?!agent\/)/,
    to: /^tasks\/common\/agent\/(?!harmless\.ts)/, // which is pure, and what it guards against comes from everywhere
    typesPass: true,
    because: 'the agent is handed in, by its interface',
  },
  {
    from: /^tasks\/common\/(?!execute\/)/,
    to: /^tasks\/common\/execute\//,
    typesPass: true,
    because: 'only a use case starts the engine',
  },
  {
    from: /^(?!tasks\/common\/agent\/|test\/)/,
    to: /^azure-pipelines-task-lib/,
    because: 'only agent/ knows task-lib',
  },
  { from: /^tasks\//, to: /^(test|build|examples)\//, because: 'nothing that ships imports this' },
  {
    from: /^test\/azure\//,
    to: /^(tasks|examples|test\/pipeline)\//,
    because: 'the simulated Azure knows nothing of its clients',
  },
  {
    from: /^test\/pipeline\//,
    to: /^(tasks|examples|test\/azure)\//,
    because: 'the player knows tasks only as staged folders',
  },
  { from: /^build\//, to: /^(tasks|test|examples)\//, because: 'the build reads files and runs none of them' },
];

/** Import lines that point the wrong way. The walls are for what the code is: a room's tests may look around. */
export function directionFindings(sources: readonly Source[]): readonly string[] {
  return sources
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap((source) => importsOf(source).flatMap((line) => crossed(source.path, line)));
}

function crossed(path: string, line: Import): readonly string[] {
  const reasons = walls
    .filter(({ from, to, typesPass }) => from.test(path) && to.test(line.target) && !(typesPass && line.typeOnly))
    .map(({ because }) => because);
  if (isSibling(path, line.target)) reasons.push('a task knows no other task; what they share is in common/');
  return reasons.map((because) => `${path} imports ${line.target}: ${because}`);
}

/** `tasks/BakeImage/…` importing `tasks/RollbackScaleSet/…`. */
function isSibling(path: string, target: string): boolean {
  const [own, other] = [path, target].map((file) => /^tasks\/([^/]+)\//.exec(file)?.[1]);
  return own !== undefined && other !== undefined && own !== other && own !== 'common' && other !== 'common';
}
