import assert from 'node:assert/strict';
import { declaredVariables, type Manifest, manifestIn, templateKind } from '../../../tasks/common/packer/template.ts';

describe('templateKind', () => {
  const cases = [
    { path: '/a/web.json', isFolder: false, kind: 'json' },
    { path: '/a/web.pkr.hcl', isFolder: false, kind: 'hcl2' },
    { path: '/a/web.pkr.json', isFolder: false, kind: 'hcl2' },
    { path: '/a/images', isFolder: true, kind: 'hcl2' },
    { path: '/a/web.hcl', isFolder: false, kind: undefined },
  ];
  for (const { path, isFolder, kind } of cases)
    it(`takes ${path} for ${kind ?? 'no template'}`, () => assert.equal(templateKind(path, isFolder), kind));
});

const json = (...processors: readonly unknown[]) => JSON.stringify({ 'post-processors': processors });
/** As HCL2 writes a variable inside a text. */
const interpolated = '$' + '{var.name}';
const file = (path: string): Manifest => ({ kind: 'file', path });

describe('manifestIn', () => {
  const cases: readonly { name: string; text: string; kind: 'json' | 'hcl2'; manifest: Manifest }[] = [
    { name: 'none', text: '{}', kind: 'json', manifest: { kind: 'none' } },
    { name: 'its bare name', text: json('manifest'), kind: 'json', manifest: file('packer-manifest.json') },
    { name: 'its output', text: json({ type: 'manifest', output: 'm.json' }), kind: 'json', manifest: file('m.json') },
    {
      name: 'one inside a sequence',
      text: json('compress', [{ type: 'x' }, { type: 'manifest', output: 'm.json' }]),
      kind: 'json',
      manifest: file('m.json'),
    },
    {
      name: 'a computed output',
      text: json({ type: 'manifest', output: '{{user `name`}}.json' }),
      kind: 'json',
      manifest: { kind: 'computed', expression: '{{user `name`}}.json' },
    },
    { name: 'text that is no JSON', text: '{', kind: 'json', manifest: { kind: 'none' } },
    {
      name: 'a block of HCL2',
      text: 'build {\n  post-processor "manifest" {\n    output = "out/m.json"\n    strip_path = true\n  }\n}',
      kind: 'hcl2',
      manifest: file('out/m.json'),
    },
    {
      name: 'an empty block',
      text: 'post-processor "manifest" {}',
      kind: 'hcl2',
      manifest: file('packer-manifest.json'),
    },
    {
      name: 'a variable as output',
      text: 'post-processor "manifest" {\n output = var.manifest\n}',
      kind: 'hcl2',
      manifest: { kind: 'computed', expression: 'var.manifest' },
    },
    {
      name: 'a text with a variable in it',
      text: `post-processor "manifest" {\n custom_data = { a = "1" }\n output = "${interpolated}.json"\n}`,
      kind: 'hcl2',
      manifest: { kind: 'computed', expression: `${interpolated}.json` },
    },
    {
      name: 'one that is commented out',
      text: '# post-processor "manifest" {}\n/* post-processor "manifest" {} */',
      kind: 'hcl2',
      manifest: { kind: 'none' },
    },
  ];
  for (const { name, text, kind, manifest } of cases)
    it(`reads ${name} (${kind})`, () => assert.deepEqual(manifestIn(text, kind), manifest));
});

describe('declaredVariables', () => {
  it('lists what a JSON template declares', () =>
    assert.deepEqual(declaredVariables('{"variables":{"a":"1","b":null}}'), ['a', 'b']));
  it('is empty when it declares none', () => assert.deepEqual(declaredVariables('{}'), []));
  it('does not know when it is no JSON', () => assert.equal(declaredVariables('{'), undefined));
});
