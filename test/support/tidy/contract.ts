import { posix } from 'node:path';
import type { TaskJson } from '../../../build/task-json.ts';
import { importsOf, type Source, withoutComments } from './source.ts';

const readers = [
  'text',
  'optionalText',
  'choice',
  'flag',
  'count',
  'countOrPercent',
  'duration',
  'lines',
  'path',
  'optionalPath',
  'resourceName',
];
const read = new RegExp(
  `\\binputs\\s*\\.\\s*(?:${readers.join('|')})\\(\\s*'([^']+)'|\\bconnection\\(\\s*'([^']+)'`,
  'g',
);
const written = /\boutput\(\s*'([^']+)'/g;

/**
 * Where what the code of a task does differs from what its task.json promises, in both directions. Outputs that are set
 * from a table are handed in.
 */
export function contractFindings(
  task: string,
  json: TaskJson,
  sources: readonly Source[],
  fromTable: readonly string[] = [],
): readonly string[] {
  const files = reachable(`tasks/${task}/index.ts`, sources);
  const names = (pattern: RegExp) =>
    files.flatMap(({ text }) => [...withoutComments(text).matchAll(pattern)].flatMap(([, a, b]) => a ?? b ?? []));
  const inputs = json.inputs.map(({ name }) => name);
  const outputs = json.outputVariables.map(({ name }) => name);
  const set = [...names(written), ...fromTable];
  return [
    ...difference(names(read), inputs).map(
      (name) => `${task} reads the input ${name}, which task.json does not declare`,
    ),
    ...difference(inputs, names(read)).map((name) => `${task} declares the input ${name} and never reads it`),
    ...difference(set, outputs).map((name) => `${task} sets the output ${name}, which task.json does not declare`),
    ...difference(outputs, set).map((name) => `${task} declares the output ${name} and never sets it`),
  ];
}

/** A file and all of ours that it imports, however deep. */
function reachable(entry: string, sources: readonly Source[]): readonly Source[] {
  const byPath = new Map(sources.map((source) => [posix.normalize(source.path), source]));
  const found = new Set<Source>();
  const visit = (path: string): void => {
    const source = byPath.get(path);
    if (!source || found.has(source)) return;
    found.add(source);
    for (const { target } of importsOf(source)) visit(target);
  };
  visit(entry);
  return [...found];
}

function difference(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set(left)].filter((name) => !right.includes(name));
}
