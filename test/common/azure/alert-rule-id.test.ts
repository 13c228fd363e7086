import assert from 'node:assert/strict';
import { parseAlertRule } from '../../../tasks/common/azure/alert-rule-id.ts';

const group = '/subscriptions/s/resourceGroups/web/providers';

describe('an alert rule as it is typed', () => {
  it('may be a name', () => assert.deepEqual(parseAlertRule('5xx of the shop'), { text: '5xx of the shop' }));

  for (const kind of ['metricAlerts', 'scheduledQueryRules', 'activityLogAlerts'])
    it(`may be the id of one of ${kind}, in any case`, () => {
      const text = `${group}/microsoft.insights/${kind.toLowerCase()}/errors/`;
      assert.deepEqual(parseAlertRule(text)?.id, { subscription: 's', group: 'web', kind, name: 'errors' });
    });

  for (const text of [
    '',
    `${group}/Microsoft.Insights/components/shop`,
    `${group}/Microsoft.Insights/metricAlerts`,
    'a/b',
    'a?b',
  ])
    it(`is not "${text}"`, () => assert.equal(parseAlertRule(text), undefined));
});
