import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '../azure/core/http.ts';
import { at, list, object, text } from '../azure/core/json.ts';

/** A value in a document, and the document it stands in: its references are relative to that. */
export interface Place {
  readonly file: string;
  readonly value: Json;
}

/** One operation of the documents. */
export interface Operation {
  readonly id: string;
  readonly version: string;
  readonly method: string;
  /** `/subscriptions/{subscriptionId}/…` */
  readonly template: string;
  readonly path: RegExp;
  /** How many placeholders its path has: the fewer, the closer a match; a scope, which may be any path, is the loosest. */
  readonly placeholders: number;
  readonly longRunning: boolean;
  readonly file: string;
  readonly definition: Json;
}

const methods = ['get', 'head', 'put', 'patch', 'post', 'delete'];

/** Azure's documents, read as far as we look into them ourselves. */
export class Documents {
  readonly operations: readonly Operation[];
  readonly #read = new Map<string, Json>();

  constructor(folder: string) {
    const files = readdirSync(join(folder, 'specification'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.json') && !/examples|common-types/.test(path))
      .map((path) => join(folder, 'specification', path));
    this.operations = files.flatMap((file) => this.#operationsIn(file));
  }

  find(method: string, path: string, version: string): Operation | undefined {
    return this.operations
      .filter((known) => known.version === version && known.method === method && known.path.test(path))
      .sort((one, other) => one.placeholders - other.placeholders)[0];
  }

  /** What a place stands for, its `$ref`s followed. */
  resolve(place: Place): Place {
    const reference = text(place.value['$ref']);
    if (reference === undefined) return place;
    const [path = '', pointer = ''] = reference.split('#');
    const file = path === '' ? place.file : join(dirname(place.file), path);
    const members = pointer.split('/').filter((member) => member !== '');
    return this.resolve({ file, value: object(at(this.#document(file), ...members)) });
  }

  #document(file: string): Json {
    const known = this.#read.get(file) ?? object(JSON.parse(readFileSync(file, 'utf8')));
    this.#read.set(file, known);
    return known;
  }

  #operationsIn(file: string): readonly Operation[] {
    const document = this.#document(file);
    const version = text(at(document, 'info', 'version')) ?? '';
    return Object.entries(object(document['paths'])).flatMap(([path, item]) =>
      methods
        .filter((method) => method in object(item))
        .map((method) => operation(file, version, path, method, object(at(item, method)))),
    );
  }
}

function operation(file: string, version: string, path: string, method: string, definition: Json): Operation {
  const pattern = path
    .replace(/\/$/, '')
    .replace(/\{(?!scope\})[^}]+\}/g, '[^/]+')
    .replaceAll('.', '\\.')
    .replace('{scope}', '.+'); // the path of anything (x-ms-skip-url-encoding)
  return {
    id: text(definition['operationId']) ?? '',
    version,
    method: method.toUpperCase(),
    template: path,
    path: new RegExp(`^${pattern}/?$`, 'i'),
    placeholders: path.split('{').length - 1 + (path.startsWith('/{scope}/') ? 100 : 0),
    longRunning: definition['x-ms-long-running-operation'] === true,
    file,
    definition,
  };
}

/** The schema of a request's body, if it has one. */
export function requestSchema(documents: Documents, { file, definition }: Operation): Place | undefined {
  const parameters = list(definition['parameters']).map((value) => documents.resolve({ file, value: object(value) }));
  const body = parameters.find(({ value }) => value['in'] === 'body');
  return body && { file: body.file, value: object(body.value['schema']) };
}

/** The schema of an answer's body, if this status has one; `default` is for errors. */
export function responseSchema({ file, definition }: Operation, status: number): Place | undefined {
  const responses = object(definition['responses']);
  const schema = at(responses[String(status)] ?? responses['default'], 'schema');
  return schema === undefined ? undefined : { file, value: object(schema) };
}
