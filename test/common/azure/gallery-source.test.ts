import assert from 'node:assert/strict';
import { type ImageTraits, misfits, sourceId } from '../../../tasks/common/azure/gallery-source.ts';

const compute = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute';

describe('sourceId', () => {
  it('reads a managed image', () =>
    assert.deepEqual(sourceId('sourceImageId', `${compute}/images/web-1`), {
      kind: 'managedImage',
      id: `${compute}/images/web-1`,
      subscription: 's',
      group: 'g',
      name: 'web-1',
    }));

  it('reads a gallery version', () => {
    const source = sourceId('sourceImageId', `${compute}/galleries/x/images/web/versions/1.2.3`);
    assert.ok(source.kind === 'version' && source.definition === 'web' && source.name === '1.2.3');
  });

  const refusals = [
    [`${compute}/galleries/x/images/web`, 'ImageVersionNotConcrete'],
    [`${compute}/virtualMachines/vm`, 'WrongResourceKind'],
    ['web-1', 'InvalidInput'],
    [`${compute}/galleries/x/images/web/versions/latest`, 'ImageVersionNotConcrete'],
  ] as const;
  for (const [text, code] of refusals)
    it(`refuses ${text}`, () =>
      assert.throws(() => sourceId('sourceImageId', text), { code, message: /sourceImageId/ }));
});

describe('misfits', () => {
  const linux: ImageTraits = { osType: 'Linux', osState: 'Generalized', generation: 'V1', architecture: 'x64' };
  const cases: readonly { name: string; source: Partial<ImageTraits>; problems: readonly string[] }[] = [
    { name: 'nothing of the same kind', source: {}, problems: [] },
    {
      name: 'nothing that Azure does not tell',
      source: { generation: undefined, architecture: undefined },
      problems: [],
    },
    {
      name: 'another system',
      source: { osType: 'Windows' },
      problems: ['operating system is Windows in the source and Linux in the definition'],
    },
    {
      name: 'another generation',
      source: { generation: 'V2' },
      problems: ['Hyper-V generation is V2 in the source and V1 in the definition'],
    },
  ];
  for (const { name, source, problems } of cases)
    it(`finds ${name}`, () => assert.deepEqual(misfits(linux, { ...linux, ...source }), problems));
});
