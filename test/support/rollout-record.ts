import type { RolloutRecord } from '../../tasks/common/record/record.ts';
import { newImage, oldImage } from './fleet-picture.ts';

/** A rollout between two stages. */
export const record: RolloutRecord = {
  rolloutId: '0f1e2d3c-0000-4000-8000-000000000000',
  state: 'waiting',
  target: newImage,
  stable: oldImage,
  stage: '10%',
  wanted: 2,
  sick: ['3', '4', '5', '11'],
  owner: {
    run: 'org/project/42',
    attempt: '1.1',
    name: '20260105.1',
    url: 'https://example/42',
    token: 't',
    expires: Date.parse('2026-01-05T16:00:00.000Z'),
  },
};
