import type { BadCase } from '../support/case.ts';
import { arm, megabytes, type Trick, trick } from '../support/hostile.ts';

type Row = readonly [bad: string, on: string, what: Trick, code: string, says: RegExp, hint: RegExp];

const anywhere = '* management.azure.com';
const set = 'GET /virtualMachineScaleSets/shop$';
const write = 'PATCH /virtualMachineScaleSets/shop$';

/** Azure is there, and will not or cannot. */
const upgrades: readonly Row[] = [
  [
    'a rate limit that lasts an hour',
    set,
    { status: 429, headers: { 'Retry-After': '3600' }, body: {} },
    'Throttled',
    /GET .*shop: Azure answered 429 and asks to wait 60 minutes/,
    /rate limit/,
  ],
  [
    'a rate limit until a date',
    set,
    { status: 429, headers: { 'Retry-After': 'Mon, 05 Jan 2026 12:00:00 GMT' }, body: {} },
    'Throttled',
    /asks to wait 1\d\d minutes/,
    /rate limit/,
  ],
  [
    'a rate limit that never ends',
    anywhere,
    {
      status: 429,
      headers: { 'Retry-After': '5' },
      body: { error: { code: 'TooManyRequests', message: 'slow down' } },
    },
    'Throttled',
    /429 TooManyRequests: slow down/,
    /rate limit/,
  ],
  [
    'a rate limit whose wait is no number',
    set,
    { status: 429, headers: { 'Retry-After': 'soon' }, body: {} },
    'Throttled',
    /429/,
    /rate limit/,
  ],
  [
    'a rate limit in HTML',
    set,
    { status: 429, body: '<html><title>Too many</title></html>' },
    'Throttled',
    /429.*Too many/,
    /rate limit/,
  ],
  [
    'errors that stay',
    set,
    { status: 500, body: { error: { code: 'InternalServerError', message: 'Encountered internal server error.' } } },
    'AzureUnavailable',
    /500 InternalServerError/,
    /status\.azure\.com/,
  ],
  [
    'a gateway’s page that stays',
    set,
    { status: 502, body: '<html><head><title>502 Bad Gateway</title></head></html>' },
    'AzureUnavailable',
    /502: an HTML page "502 Bad Gateway" in place of Azure's answer/,
    /status\.azure\.com/,
  ],
  [
    'a service that asks for an hour',
    set,
    { status: 503, headers: { 'Retry-After': '3600' }, body: {} },
    'AzureUnavailable',
    /answered 503 and asks to wait 60 minutes/,
    /Run the (?:stage|task) again/,
  ],
  [
    'a subscription without the provider',
    set,
    arm(
      409,
      'MissingSubscriptionRegistration',
      "The subscription is not registered to use namespace 'Microsoft.Compute'.",
    ),
    'ProviderNotRegistered',
    /409 MissingSubscriptionRegistration/,
    /az provider register/,
  ],
  [
    'a token that Resource Manager does not take',
    set,
    arm(401, 'InvalidAuthenticationToken', 'The access token is invalid.'),
    'SignInRefused',
    /401 InvalidAuthenticationToken/,
    /tenant, subscription and environment/,
  ],
  [
    'no etag',
    set,
    { body: { id: '/x', name: 'shop', location: 'koreacentral', properties: {} } },
    'NoEtag',
    /scale set shop without an etag/,
    /report/,
  ],
  [
    'a full quota',
    write,
    arm(
      409,
      'OperationNotAllowed',
      'Operation could not be completed as it results in exceeding approved Total Regional Cores quota.',
    ),
    'QuotaExceeded',
    /Total Regional Cores quota/,
    /more quota/,
  ],
  [
    'a size that there is no room for',
    write,
    arm(409, 'AllocationFailed', 'Allocation failed.'),
    'NoCapacity',
    /409 AllocationFailed/,
    /another size/,
  ],
  [
    'a set that is being deleted',
    write,
    arm(409, 'OperationNotAllowed', "Operation is not allowed on scale set 'shop' since it is marked for deletion."),
    'Conflict',
    /marked for deletion/,
    /state/,
  ],
  [
    'a value that Azure does not take',
    write,
    arm(400, 'InvalidParameter', 'The value of parameter imageReference is invalid.'),
    'AzureRefused',
    /400 InvalidParameter/,
    /does not accept/,
  ],
  [
    'a message of a megabyte',
    write,
    arm(400, 'InvalidParameter', megabytes(1, 'no ')),
    'AzureRefused',
    /400 InvalidParameter: no no .*characters left out/,
    /does not accept/,
  ],
  [
    'a set that always changes under our hands',
    write,
    arm(412, 'PreconditionFailed', 'The condition is not met.'),
    'ChangedMeanwhile',
    /412 PreconditionFailed/,
    /looks anew/,
  ],
];

const refused = (task: BadCase['task'], [bad, on, what, code, says, hint]: Row): BadCase => ({
  task,
  bad,
  prepare: (stage) => trick(stage, on, what),
  code,
  says,
  hint,
});

const version = 'PUT /versions/5.0.0$';
const publishes: readonly Row[] = [
  [
    'a full quota of versions',
    version,
    arm(409, 'GalleryImageVersionQuotaExceeded', 'The limit of 10000 versions is reached.'),
    'QuotaExceeded',
    /409 GalleryImageVersionQuotaExceeded/,
    /quota/,
  ],
  [
    'a region that Azure does not know',
    version,
    arm(400, 'InvalidParameter', "The target region 'koreacentrall' is invalid."),
    'AzureRefused',
    /koreacentrall/,
    /inputs/,
  ],
  [
    'a gallery that goes on changing',
    version,
    arm(409, 'Conflict', 'The request failed due to conflict with a concurrent request.'),
    'Conflict',
    /Publishing version 5\.0\.0 .*409 Conflict/,
    /Activity log/,
  ],
  [
    'errors that stay',
    version,
    { status: 500, body: {} },
    'AzureUnavailable',
    /Publishing version 5\.0\.0 .*500/,
    /status\.azure\.com/,
  ],
  [
    'an answer that nobody has seen before',
    'GET /galleries/gallery$',
    arm(418, 'Teapot', 'short and stout'),
    'AzureRefused',
    /418 Teapot: short and stout/,
    /does not accept/,
  ],
  [
    'a version that is gone at the gate',
    'GET /images/web-1$',
    arm(410, 'Gone', 'no more'),
    'ResourceNotFound',
    /410 Gone/,
    /names in the inputs/,
  ],
];

export const cases: readonly BadCase[] = [
  ...upgrades.map((row) => refused('UpgradeScaleSetNodes', row)),
  ...publishes.map((row) => refused('PublishGalleryVersion', row)),
  ...upgrades.slice(0, 3).map((row) => refused('RollbackScaleSet', row)),
];
