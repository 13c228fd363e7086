import { resolve } from '../templates/expand.ts';
import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf } from '../templates/scope.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import type { Environment } from './pipeline.ts';

const known = ['name', 'resourceName', 'resourceType', 'tags'];

/**
 * Reads `environment` as `name`, `name.machine` or a mapping
 * (learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-deployment-environment). Of resources only virtual
 * machines are played.
 */
export function readEnvironment(bound: Bound): Environment {
  const resolved = resolve(bound);
  return resolved.node.kind === 'map' ? readMapping(Fields.of(resolved, 'environment', known)) : readShort(resolved);
}

function readShort(bound: Bound): Environment {
  const [name = '', machine] = textOf(bound).split('.');
  if (name === '') throw new PipelineError(placeOf(bound), '"environment" needs a name');
  return { name, place: placeOf(bound), ...(machine && { machines: { name: machine, tags: [] } }) };
}

function readMapping(fields: Fields): Environment {
  const { place } = fields;
  const name = fields.needText('name');
  const type = fields.text('resourceType');
  if (type !== undefined && type.toLowerCase() !== 'virtualmachine')
    throw notPlayed(fields.placeOf('resourceType'), `environment.resourceType: ${type}`);
  const machine = fields.text('resourceName');
  const tags = (fields.text('tags') ?? '').split(',').flatMap((tag) => tag.trim() || []);
  if (type === undefined && machine === undefined && tags.length === 0) return { name, place };
  return { name, place, machines: { tags, ...(machine && { name: machine }) } };
}
