import assert from 'node:assert/strict';
import { systemClock } from '../../tasks/common/clock.ts';
import type { PublishRequest } from '../../tasks/PublishGalleryVersion/inputs.ts';
import { publishVersion } from '../../tasks/PublishGalleryVersion/publish-version.ts';
import { addGalleryVersion } from '../azure/compute/builders.ts';
import { type Assignment, addLock } from '../azure/index.ts';
import { openRehearsal, type Rehearsal } from '../support/rehearsal.ts';
import { actionsSeen, documented, isOptional, restrict, sorted, without } from '../support/rights.ts';
import { addImage, publishRequest } from './publish-request.ts';

const parts = {
  gallery: documented('gallery'),
  group: documented('galleryOperations'),
  image: documented('sourceImage'),
  version: documented('sourceVersion'),
};

describe('the rights of publishing', () => {
  let rehearsal: Rehearsal;
  let lines: string[] = [];
  let scopes = { gallery: '', group: '', image: '', version: '' };
  beforeEach(() => {
    rehearsal = openRehearsal();
    lines = [];
    const old = addGalleryVersion(rehearsal.world, { version: '0.9.0' }).id;
    const version = addGalleryVersion(rehearsal.world, { version: '7.0.0', gallery: 'other', group: 'elsewhere' }).id;
    const image = addImage(rehearsal.world, 'web-1', {}, 'baked');
    scopes = {
      gallery: old.slice(0, old.lastIndexOf('/images/')),
      group: old.slice(0, old.indexOf('/providers')),
      image,
      version: version.replace(/\/images\/web.*/, ''),
    };
    sourceVersion = version;
  });
  afterEach(() => rehearsal.close());

  let sourceVersion = '';
  const role = (): readonly Assignment[] =>
    (['gallery', 'group', 'image', 'version'] as const).map((part) => ({ scope: scopes[part], actions: parts[part] }));
  const publish = (source: string, changes: Partial<PublishRequest> = {}) => {
    const { azure } = rehearsal.tools();
    const log = {
      line: () => {},
      warning: (text: string) => void lines.push(text),
      debug: () => {},
      group: <T>(_: string, body: () => T) => body(),
    };
    const agent = { log, progress: () => {}, cancelled: new AbortController().signal };
    const request = publishRequest(azure.cloud, source, changes);
    return rehearsal.play(publishVersion(request, { azure, clock: systemClock, agent }));
  };
  const versions = () => JSON.stringify([...rehearsal.world.compute.versions.values()]);

  it('are enough as documented, all of them are used, and no other', async () => {
    restrict(rehearsal.world, role());
    const seen = actionsSeen(rehearsal.world);
    await publish(scopes.image);
    await publish(scopes.image, { regions: [{ name: 'koreacentral' }, { name: 'japaneast' }] });
    await publish(scopes.image);
    const { version } = publishRequest(rehearsal.tools().azure.cloud, scopes.image);
    await publish(sourceVersion, { version: { ...version, version: '2.0.0' } });
    assert.deepEqual(sorted(seen), sorted(Object.values(parts).flat()));
    assert.deepEqual(lines, []);
  });

  for (const part of ['gallery', 'group', 'image', 'version'] as const)
    for (const action of parts[part].filter((name) => !isOptional(name)))
      it(`are missed before the first write: ${action} on the ${part}`, async () => {
        restrict(rehearsal.world, without(role(), action, scopes[part]));
        const before = versions();
        const publishing = publish(part === 'version' ? sourceVersion : scopes.image);
        await assert.rejects(publishing, { code: 'RightsMissing', message: new RegExp(`Missing on \\S+: ${action}$`) });
        assert.equal(versions(), before);
      });

  it('are named at once for gallery and source', async () => {
    restrict(rehearsal.world, [{ scope: `/subscriptions`, actions: ['Microsoft.Authorization/*/read'] }]);
    await assert.rejects(publish(scopes.image), {
      code: 'RightsMissing',
      message: /versions\/write; on .*capsOperations\/read; on .*Microsoft\.Compute\/images\/read$/,
    });
  });

  it('may lack those that only look: that is a warning', async () => {
    const actions = parts.gallery.filter((name) => !isOptional(name));
    restrict(rehearsal.world, [
      { scope: scopes.gallery, actions },
      { scope: scopes.group, actions: parts.group.slice(0, 1) },
      ...role().slice(2),
    ]);
    await publish(scopes.image);
    assert.match(lines.join('\n'), /^The rights on .* are not known[\s\S]*\nThe locks on .* are not known/);
  });

  it('do not help against a lock on the gallery or above it, which is named before the first write', async () => {
    for (const scope of [scopes.gallery, scopes.gallery.replace(/\/providers.*/, '')]) {
      const lock = addLock(rehearsal.world, scope, 'ReadOnly');
      const before = versions();
      await assert.rejects(publish(scopes.image), { code: 'ScopeLocked', message: new RegExp(lock.id) });
      assert.equal(versions(), before);
      rehearsal.world.authorization.locks.clear();
    }
  });

  it('are not touched by a lock against deletion', async () => {
    addLock(rehearsal.world, scopes.gallery, 'CanNotDelete');
    assert.deepEqual((await publish(scopes.image)).regions, ['koreacentral']);
  });
});
