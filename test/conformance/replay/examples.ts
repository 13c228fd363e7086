import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { testSubscription } from '../../azure/compute/builders.ts';
import type { Json } from '../../azure/core/http.ts';
import { list, object, text } from '../../azure/core/json.ts';
import { Documents, type Operation } from '../operations.ts';

/** One of Microsoft's stored examples: what somebody asks of an operation. */
export interface Example {
  /** Its file, without `.json`. */
  readonly name: string;
  readonly operation: Operation;
  readonly parameters: Json;
}

/** The examples that lie in the folder, each with every operation that points at it. */
export function readExamples(folder: string): { readonly documents: Documents; readonly examples: readonly Example[] } {
  const documents = new Documents(folder);
  return { documents, examples: documents.operations.flatMap((operation) => examplesOf(operation)) };
}

const examplesOf = (operation: Operation): readonly Example[] =>
  Object.values(object(operation.definition['x-ms-examples']))
    .map((reference) => join(dirname(operation.file), text(object(reference)['$ref']) ?? ''))
    .filter((path) => existsSync(path))
    .map((path) => ({
      name: basename(path, '.json'),
      operation,
      parameters: usable(object(JSON.parse(readFileSync(path, 'utf8')).parameters)),
    }));

/** Names for `{imageName}` and the like; the generated examples ask for instance `aaaaaaaa`, and the world has number 0. */
function usable(parameters: Json): Json {
  const whole = JSON.stringify(parameters)
    .replace(/\{subscription-?id\}/gi, testSubscription)
    .replaceAll('{versionName}', '1.2.3')
    .replace(/\/\{(\w+)\}/g, '/$1');
  const read = object(JSON.parse(whole, (key, value) => (key === 'instanceIds' ? ['0'] : value)));
  return { ...read, subscriptionId: testSubscription, ...('instanceId' in read && { instanceId: '0' }) };
}

export interface ExampleRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** Puts each parameter where its operation has it: path, query or body. */
export function requestOf(documents: Documents, { operation, parameters }: Example): ExampleRequest {
  const { file, definition, template, method, version } = operation;
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
  const url = new URL(`https://management.azure.com${path}?api-version=${version}`);
  let body = '';
  for (const value of list(definition['parameters'])) {
    const { name, in: place } = documents.resolve({ file, value: object(value) }).value;
    const given = parameters[String(name)];
    if (given === undefined || name === 'api-version') continue;
    if (place === 'query') url.searchParams.set(String(name), String(given));
    if (place === 'body') body = JSON.stringify(given);
  }
  return { method, url, body };
}
