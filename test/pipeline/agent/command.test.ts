import assert from 'node:assert/strict';
import { parseCommand } from './command.ts';

const read = (line: string) => {
  const command = parseCommand(line);
  return command && [command.area, command.event, command.property('Variable'), command.data];
};

const cases: readonly (readonly [string, unknown])[] = [
  ['##vso[task.setvariable variable=a]b', ['task', 'setvariable', 'a', 'b']],
  ['##vso[task.setvariable VARIABLE=a;]b', ['task', 'setvariable', 'a', 'b']],
  ['in the middle ##vso[task.debug]of a line', ['task', 'debug', undefined, 'of a line']],
  ['##vso[task.setvariable variable=a%3B%5D%0A%AZP25]b%0D%AZP250A', ['task', 'setvariable', 'a;]\n%', 'b\r%0A']],
  ['##vso[task.setvariable variable=a=b]', ['task', 'setvariable', 'a=b', '']],
  ['##vso[task.setvariable variable=]x', ['task', 'setvariable', undefined, 'x']],
  ['##vso[task.debug]', ['task', 'debug', undefined, '']],
  ['##vso[task]x', undefined],
  ['##vso[task.a.b]x', undefined],
  ['##vso[task.debug', undefined],
  ['##vso [task.debug]x', undefined],
  ['##[section]x', undefined],
];

describe('A logging command', () => {
  for (const [line, wanted] of cases) it(`is read from ${line}`, () => assert.deepEqual(read(line), wanted));
});
