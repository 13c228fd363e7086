import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsPage, readRoles } from '../../build/permissions-page.ts';
import { projectFolder, taskNames } from '../../build/project.ts';

describe('docs/permissions.md', () => {
  const roles = readRoles(projectFolder);
  const page = permissionsPage(roles);

  it('is that of the one list as it is now (npm run docs)', () =>
    assert.equal(readFileSync(join(projectFolder, 'docs', 'permissions.md'), 'utf8'), page));

  it('has a role for every task', () => assert.deepEqual(roles.flatMap(({ tasks }) => tasks).sort(), taskNames()));

  it('shows roles that are JSON, with each action of the list once', () => {
    const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
    assert.equal(shown.length, roles.length);
    for (const [index, { needs }] of roles.entries()) {
      const listed = new Set(needs.flatMap(({ actions }) => actions.map(({ name }) => name)));
      assert.deepEqual(shown[index].Actions, [...listed].sort());
      assert.ok(shown[index].Name && shown[index].AssignableScopes.length > 0);
    }
  });

  it('says of each action what it is for', () => {
    for (const { needs } of roles)
      for (const { name, why } of needs.flatMap(({ actions }) => actions)) assert.ok(why.length > 5, name);
  });
});
