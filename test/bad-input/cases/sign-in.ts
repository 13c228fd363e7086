import { testSubscription } from '../../azure/compute/builders.ts';
import { registerPrincipal, registerTenant } from '../../azure/index.ts';
import type { BadCase } from '../support/case.ts';
import { named } from '../support/connections.ts';
import { entra, trick } from '../support/hostile.ts';
import { clientId, secrets, tenantId } from '../support/stage.ts';

const other = '99999999-0000-4000-8000-000000000099';
const task = 'UpgradeScaleSetNodes';
const token = 'POST login.microsoftonline.com/';

/** What Microsoft Entra ID, or whoever answers in its place, says to who we are. */
export const cases: readonly BadCase[] = [
  {
    task,
    bad: 'a wrong secret',
    prepare: ({ world }) => void registerPrincipal(world, { tenantId, clientId, secret: 'another' }),
    code: 'SecretWrong',
    says: named(
      /could not sign in by service principal with a secret at https:\/\/login\.microsoftonline\.com: .*AADSTS7000215/,
    ),
    hint: /its value, not its id/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'an expired secret',
    prepare: (stage) =>
      trick(stage, token, entra(7000222, `The provided client secret keys for app '${clientId}' are expired.`)),
    code: 'SecretExpired',
    says: named(/AADSTS7000222: The provided client secret keys for app '22222222-.*' are expired/),
    hint: /create a new one, or convert/,
  },
  {
    task,
    bad: 'a tenant that does not exist',
    prepare: ({ endpoint }) => {
      endpoint.parameters['tenantid'] = other;
    },
    code: 'TenantWrong',
    says: named(/could not sign in/),
    hint: /tenant/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'an application of another tenant',
    prepare: ({ endpoint }) => {
      endpoint.parameters['serviceprincipalid'] = other;
    },
    code: 'TenantWrong',
    says: named(new RegExp(`AADSTS700016: Application with identifier '${other}' was not found`)),
    hint: /client id and tenant id/,
  },
  {
    task,
    bad: 'a subscription of another tenant',
    prepare({ world, endpoint }) {
      registerTenant(world, { id: other, name: 'fabrikam' });
      registerPrincipal(world, { tenantId: other, clientId, secret: secrets.client });
      endpoint.parameters['tenantid'] = other;
    },
    code: 'TenantWrong',
    says: /^Reading scale set shop .*401 InvalidAuthenticationTokenTenant: .*wrong issuer/,
    hint: /another tenant than that of the subscription/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a subscription that nobody here knows',
    prepare: ({ endpoint }) => {
      endpoint.data['subscriptionId'] = other;
    },
    code: 'SubscriptionNotFound',
    says: new RegExp(`404 SubscriptionNotFound: The subscription '${other}' could not be found`),
    hint: /has a role in it/,
  },
  {
    task,
    bad: 'conditional access',
    prepare: (stage) => trick(stage, token, entra(53003, 'Access has been blocked by Conditional Access policies.')),
    code: 'SignInRefused',
    says: named(/AADSTS53003/),
    hint: /Conditional access/,
  },
  {
    task,
    bad: 'a refusal of Entra ID that nobody has seen before',
    prepare: (stage) => trick(stage, token, entra(1234567, 'Something new.')),
    code: 'SignInRefused',
    says: named(/AADSTS1234567: Something new/),
    hint: /press Verify/,
  },
  {
    task,
    bad: 'Entra ID that stays unwell',
    prepare: (stage) => trick(stage, token, { status: 503, body: { error: 'temporarily_unavailable' } }),
    code: 'SignInUnavailable',
    says: named(/503/),
  },
  {
    task,
    bad: 'Entra ID that asks to wait for a day',
    prepare: (stage) =>
      trick(stage, token, { status: 429, headers: { 'Retry-After': '86400' }, body: { error: 'throttled' } }),
    code: 'SignInUnavailable',
    says: named(/429/),
  },
  {
    task,
    bad: 'a page in place of Entra ID',
    prepare: (stage) => trick(stage, token, { body: '<html><title>Sign in to the guest network</title></html>' }),
    code: 'AnswerNotJson',
    says: named(/login\.microsoftonline\.com answered 200 with something that is not JSON/),
    hint: /proxy/,
  },
  {
    task,
    bad: 'a subscription that is not made for this cloud',
    prepare({ endpoint }) {
      endpoint.url = '';
      endpoint.data['environment'] = 'AzureUSGovernment';
      endpoint.data['subscriptionId'] = testSubscription;
    },
    code: 'TenantWrong',
    says: named(/login\.microsoftonline\.us/),
    hint: /tenant id and environment/,
  },
];
