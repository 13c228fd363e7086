import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Azure's OpenAPI documents are no part of the project: they lie beside it, in `shared/`, or where AZURE_REST_API_SPECS
 * says. Undefined when they are not there.
 */
export function findDocuments(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const told = environment['AZURE_REST_API_SPECS'];
  const places = told ? [isAbsolute(told) ? told : join(project, told)] : [...beside(project)];
  return places.find((place) => existsSync(join(place, 'specification')));
}

/** Beside the project, beside a folder of checkouts, or inside a fresh clone. */
const beside = (folder: string) => ['..', '../..', '.'].map((up) => join(folder, up, 'shared', 'azure-rest-api-specs'));

/** For who has to do without them. */
export const whereDocumentsAre =
  'there is no azure-rest-api-specs in shared/ beside the project, nor does AZURE_REST_API_SPECS name it';
