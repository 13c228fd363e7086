import assert from 'node:assert/strict';
import { assertImageUsable } from '../../../tasks/common/azure/target-image.ts';
import { openRehearsal, type Rehearsal } from '../../support/rehearsal.ts';

const elsewhere =
  '/subscriptions/99999999-0000-4000-8000-000000000009/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/1.0.0';

describe('assertImageUsable of an image in a subscription that is not known here', () => {
  let rehearsal: Rehearsal;
  beforeEach(() => {
    rehearsal = openRehearsal();
  });
  afterEach(() => rehearsal.close());

  const look = (input?: string) =>
    rehearsal.play(
      assertImageUsable(rehearsal.tools().azure, elsewhere, { location: 'koreacentral', osType: 'Linux' }, input),
    );

  it('names the input that it was typed into', () =>
    assert.rejects(look('to'), { code: 'SubscriptionNotFound', message: /^Input "to" is / }));

  it('names no input where nobody typed it: the record did', () =>
    assert.rejects(look(), {
      code: 'SubscriptionNotFound',
      message: /^Reading image version .*\/1\.0\.0 failed: 404/,
    }));
});
