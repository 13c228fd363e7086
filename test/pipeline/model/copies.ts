import { Fields, textOf } from '../templates/read.ts';
import { type Bound, placeOf } from '../templates/scope.ts';
import { notPlayed, PipelineError, type Place } from '../yaml/problem.ts';
import { readVariableValue } from './conditions.ts';
import type { Copies, Leg, Matrix } from './pipeline.ts';

/** Reads `strategy` of an ordinary job (learn.microsoft.com/azure/devops/pipelines/yaml-schema/jobs-job-strategy). */
export function readCopies(fields: Fields): { readonly copies?: Copies } {
  const strategy = fields.get('strategy');
  if (strategy === undefined) return {};
  const inner = Fields.of(strategy, 'strategy', ['matrix', 'parallel', 'maxParallel']);
  const { place } = inner;
  const [matrix, isParallel] = [inner.get('matrix'), inner.has('parallel')];
  if ((matrix !== undefined) === isParallel)
    throw new PipelineError(place, '"strategy" needs either "matrix" or "parallel"');
  if (matrix) return { copies: { of: readMatrix(matrix), maxParallel: inner.number('maxParallel', 0), place } };
  if (inner.has('maxParallel')) throw notPlayed(inner.placeOf('maxParallel'), 'strategy.maxParallel without a matrix');
  const count = inner.number('parallel', 0);
  if (count === 0) throw new PipelineError(inner.placeOf('parallel'), '"parallel" needs at least 1');
  return { copies: { of: { kind: 'parallel', count }, maxParallel: 0, place } };
}

function readMatrix(bound: Bound): Matrix {
  if (bound.node.kind === 'scalar') {
    const value = readVariableValue(textOf(bound), placeOf(bound));
    if (value.kind === 'runtime') return { kind: 'computed', expression: value.expression, text: value.text };
  }
  return { kind: 'legs', legs: readLegs(bound) };
}

/** Legs by name, each with its variables. */
export function readLegs(bound: Bound): readonly Leg[] {
  const legs = Fields.free(bound).map(({ key, place, value }): Leg => {
    refuseLegName(key, place);
    const variables = Fields.free(value).map(({ key: name, value: text }) => [name, textOf(text)] as const);
    return { name: key, variables };
  });
  if (legs.length === 0) throw new PipelineError(placeOf(bound), 'a matrix needs at least one leg');
  return legs;
}

function refuseLegName(name: string, place: Place): void {
  if (!/^[A-Za-z]\w{0,99}$/.test(name)) throw new PipelineError(place, `"${name}" can't be the name of a matrix leg`);
}
