import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node as YamlNode,
} from 'yaml';
import { type Entry, type Node, scalar } from './node.ts';
import { PipelineError, type Place } from './problem.ts';

/** Reads a pipeline file or template; `name` is what errors call it. */
export function readYamlFile(path: string, name: string, referredFrom: Place): Node {
  return parseYaml(readText(path, name, referredFrom), name);
}

function readText(path: string, name: string, referredFrom: Place): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PipelineError(referredFrom, `"${name}" can't be read: ${(cause as Error).message}`, { cause });
  }
}

/** Parses YAML text, keeping lines and every scalar as the text that was written. */
export function parseYaml(text: string, name: string): Node {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, uniqueKeys: false, merge: false });
  const placeAt = (offset: number): Place => ({ file: name, line: lines.linePos(offset).line });
  refuseBrokenYaml(document, placeAt);
  if (document.contents === null) throw new PipelineError({ file: name, line: 1 }, 'the file is empty');
  return convert(document.contents, placeAt);
}

function refuseBrokenYaml(document: Document.Parsed, placeAt: (offset: number) => Place): void {
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw new PipelineError(placeAt(problem.pos[0]), problem.message.split('\n', 1)[0] ?? '');
}

function convert(node: unknown, placeAt: (offset: number) => Place): Node {
  const place = placeAt((node as YamlNode).range?.[0] ?? 0);
  if (isAlias(node)) throw new PipelineError(place, `Azure Pipelines has no YAML anchors, found "*${node.source}"`);
  if (isMap(node)) {
    refuseAnchor(node, place);
    const entries = node.items.map((pair) => convertPair(pair.key, pair.value, placeAt));
    return { kind: 'map', place, entries };
  }
  if (isSeq(node)) {
    refuseAnchor(node, place);
    return { kind: 'list', place, items: node.items.map((item) => convert(item, placeAt)) };
  }
  if (!isScalar(node)) throw new PipelineError(place, 'this kind of YAML is not played');
  refuseAnchor(node, place);
  return scalar(node.value === null ? '' : String(node.value), place);
}

function convertPair(key: unknown, value: unknown, placeAt: (offset: number) => Place): Entry {
  const keyNode = convert(key, placeAt);
  if (keyNode.kind !== 'scalar') throw new PipelineError(keyNode.place, 'a key must be a plain text');
  return {
    key: keyNode.text,
    place: keyNode.place,
    value: value === null ? scalar('', keyNode.place) : convert(value, placeAt),
  };
}

/** Anchors, complex keys and sets are not supported: learn.microsoft.com/azure/devops/pipelines/yaml-schema. */
function refuseAnchor(node: { anchor?: string }, place: Place): void {
  if (node.anchor) throw new PipelineError(place, `Azure Pipelines has no YAML anchors, found "&${node.anchor}"`);
}
