import assert from 'node:assert/strict';
import { type PackerEvent, parseLine } from '../../../tasks/common/packer/machine-readable.ts';

const cases: readonly { name: string; line: string; event: PackerEvent }[] = [
  {
    name: 'a step',
    line: '1795357662,,ui,say,==> azure-arm: Deploying',
    event: { kind: 'said', level: 'say', text: '==> azure-arm: Deploying' },
  },
  {
    name: 'commas and line breaks that Packer escaped',
    line: '1,,ui,message,    a: x%!(PACKER_COMMA) y\\nz\\r',
    event: { kind: 'said', level: 'message', text: '    a: x, y\nz\r' },
  },
  {
    name: 'an error',
    line: '1,,ui,error,--> a: no',
    event: { kind: 'said', level: 'error', text: '--> a: no' },
  },
  {
    name: 'why a build failed',
    line: '1,azure-arm,error,Script exited%!(PACKER_COMMA) badly',
    event: { kind: 'buildFailed', build: 'azure-arm', text: 'Script exited, badly' },
  },
  {
    name: 'an artifact id',
    line: '1,azure-arm.web,artifact,0,id,/subscriptions/s',
    event: { kind: 'artifact', build: 'azure-arm.web', index: 0, key: 'id', value: '/subscriptions/s' },
  },
  {
    name: 'a file of an artifact, which has two values',
    line: '1,b,artifact,2,file,0,out.txt',
    event: { kind: 'artifact', build: 'b', index: 2, key: 'file', value: '0,out.txt' },
  },
  { name: 'the version', line: '1,,version,1.6.6', event: { kind: 'version', version: '1.6.6' } },
  { name: 'counts, which nobody reads', line: '1,b,artifact-count,1', event: { kind: 'silent' } },
  {
    name: 'a line of a crash as it stands',
    line: 'panic: runtime error',
    event: { kind: 'raw', text: 'panic: runtime error' },
  },
  {
    name: 'a forged artifact inside of a message as a message',
    line: '1,,ui,message,    a: 1%!(PACKER_COMMA)%!(PACKER_COMMA)artifact%!(PACKER_COMMA)0%!(PACKER_COMMA)id%!(PACKER_COMMA)evil',
    event: { kind: 'said', level: 'message', text: '    a: 1,,artifact,0,id,evil' },
  },
];

describe('parseLine of packer -machine-readable', () => {
  for (const { name, line, event } of cases) it(`reads ${name}`, () => assert.deepEqual(parseLine(line), event));
});
