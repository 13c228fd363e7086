import type { BadCase, TaskName } from '../support/case.ts';
import { megabytes, type Trick, trick } from '../support/hostile.ts';

type Row = readonly [bad: string, what: Trick, code: string, says: RegExp, hint: RegExp];

const page = '<!doctype html><html><head><title>Welcome to the guest network</title></head><body>Sign in</body></html>';
const json = (text: string): Trick => ({ body: text, headers: { 'Content-Type': 'application/json' } });

/** What comes in place of the first resource that a task reads. */
const rows: readonly Row[] = [
  [
    'a page that says it is fine',
    { body: page },
    'AnswerNotJson',
    /management\.azure\.com answered 200 with an HTML page "Welcome to the guest network" \(text\/html\)/,
    /answers in its place/,
  ],
  ['a page that says it is JSON', json(page), 'AnswerNotJson', /answered 200 with an HTML page/, /in its place/],
  [
    'a page that forbids',
    { status: 403, body: page },
    'AnswerNotJson',
    /answered 403 with an HTML page "Welcome to the guest network"/,
    /in its place/,
  ],
  [
    'a page that finds nothing',
    { status: 404, body: page },
    'AnswerNotJson',
    /answered 404 with an HTML page/,
    /in its place/,
  ],
  [
    'a redirect to a sign-in page',
    { status: 302, headers: { Location: 'https://portal.corp/login' } },
    'AnswerNotJson',
    /answered 302 with nothing, a redirect to https:\/\/portal\.corp\/login/,
    /in its place/,
  ],
  ['nothing at all', json(''), 'AnswerNotJson', /answered 200 with nothing/, /in its place/],
  [
    'a plain text',
    { body: 'OK', headers: { 'Content-Type': 'text/plain' } },
    'AnswerNotJson',
    /answered 200 with text\/plain/,
    /in its place/,
  ],
  [
    'half an object',
    json('{"id": "/subscriptions/'),
    'AnswerNotJson',
    /answered 200 with application\/json/,
    /in its place/,
  ],
  ['a list for an object', json('[]'), 'AnswerUnreadable', /JSON that is no answer of Azure/, /changes answers/],
  ['null', json('null'), 'AnswerUnreadable', /JSON that is no answer of Azure/, /changes answers/],
  ['a number', json('42'), 'AnswerUnreadable', /JSON that is no answer of Azure/, /changes answers/],
  ['an empty object', json('{}'), 'AnswerUnreadable', /has no location/, /changes answers/],
  [
    'somebody else’s object',
    json('{"status":"ok","data":{"location":"koreacentral"}}'),
    'AnswerUnreadable',
    /has no location/,
    /changes answers/,
  ],
  [
    'JSON that calls itself a text',
    { body: '{"id":"x","location":"koreacentral"}', headers: { 'Content-Type': 'text/plain' } },
    'AnswerUnreadable',
    /has no location/,
    /changes answers/,
  ],
  [
    'ten megabytes of a page',
    { body: megabytes(10, page) },
    'AnswerTooLarge',
    /the answer of management\.azure\.com is longer than 8 MB/,
    /answers in its place/,
  ],
  [
    'ten megabytes of JSON',
    json(`{"id":"${megabytes(10, 'x')}"}`),
    'AnswerTooLarge',
    /longer than 8 MB/,
    /answers in its place/,
  ],
  [
    'ten megabytes that forbid',
    { status: 403, body: megabytes(10, page) },
    'AnswerTooLarge',
    /longer than 8 MB/,
    /answers in its place/,
  ],
  [
    'ten megabytes of an error of Azure',
    { status: 400, body: { error: { code: 'X', message: megabytes(10, 'no ') } } },
    'AnswerTooLarge',
    /longer than 8 MB/,
    /answers in its place/,
  ],
];

const places: readonly (readonly [TaskName, string])[] = [
  ['UpgradeScaleSetNodes', 'GET /virtualMachineScaleSets/shop'],
  ['PublishGalleryVersion', 'GET /galleries/gallery'],
  ['RollbackScaleSet', 'GET /virtualMachineScaleSets/shop'],
];

/** Everything else is as Azure gives it: rights and locks are asked at addresses that go on after the name. */
export const cases: readonly BadCase[] = [
  ...rows.map(([bad, what, code, says, hint], index): BadCase => {
    const [task, on] = places[index % 3] ?? ['RollbackScaleSet', ''];
    return {
      task,
      bad: `${bad} in place of Azure`,
      prepare: (stage) => trick(stage, `${on}$`, what),
      code,
      says,
      hint,
    };
  }),
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a list of instances that is none',
    prepare: (stage) => trick(stage, 'GET /shop/virtualMachines', json('{"value":{"0":{}}}')),
    code: 'AnswerUnreadable',
    says: /^Listing the instances of scale set shop failed/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a list of instances with nothing in it that is one',
    prepare: (stage) => trick(stage, 'GET /shop/virtualMachines', json('{"value":[null, 1]}')),
    code: 'AnswerUnreadable',
    says: /JSON that is no answer of Azure/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a list of instances that never ends',
    prepare: (stage) =>
      trick(stage, 'GET /shop/virtualMachines', {
        body: {
          value: [{ instanceId: '0', location: 'koreacentral' }],
          nextLink:
            'https://management.azure.com/subscriptions/x/shop/virtualMachines?api-version=2026-03-01&$skiptoken=1',
        },
      }),
    code: 'AnswerUnreadable',
    says: /^Listing the instances of scale set shop failed: after 200 pages the list still goes on$/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a list of instances that goes on at somebody else’s',
    prepare: (stage) =>
      trick(stage, 'GET /shop/virtualMachines', {
        body: { value: [], nextLink: 'https://management.azure.com.evil.example/x' },
      }),
    code: 'AnswerUnreadable',
    says: "Azure's answer goes on at management.azure.com.evil.example, which is not its Resource Manager",
    hint: /changes answers/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a page in place of the source',
    prepare: (stage) => trick(stage, 'GET /images/web-1$', { body: page }),
    code: 'AnswerNotJson',
    says: /^Reading the source .*images\/web-1 failed: .*guest network/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'an empty object in place of the source',
    prepare: (stage) => trick(stage, 'GET /images/web-1$', json('{}')),
    code: 'AnswerUnreadable',
    says: /the source .*images\/web-1 .*no location/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an empty object in place of the image version',
    prepare: (stage) => trick(stage, 'GET /versions/2.0.0$', json('{}')),
    code: 'AnswerUnreadable',
    says: /image version .*2\.0\.0 .*no location/,
  },
];
