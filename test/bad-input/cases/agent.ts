import type { BadCase } from '../support/case.ts';
import { secrets } from '../support/stage.ts';

const task = 'UpgradeScaleSetNodes';

/** What the agent itself was configured with, and where it runs. */
export const cases: readonly BadCase[] = [
  {
    task,
    bad: 'no pipeline around it',
    prepare: ({ variables }) => {
      delete variables['Build.BuildId'];
    },
    code: 'NotInPipeline',
    says: 'The agent gave no Build.BuildId',
  },
  {
    task,
    bad: 'a proxy that is no address',
    prepare: ({ variables }) => {
      variables['agent.proxyurl'] = 'proxy.corp:3128';
    },
    code: 'InvalidProxy',
    says: `The agent's proxy is "proxy.corp:3128"`,
    hint: /--proxyurl http:\/\/host:port/,
  },
  {
    task: 'PublishGalleryVersion',
    bad: 'a bypass list that is no list',
    prepare({ variables }) {
      variables['agent.proxyurl'] = 'http://proxy.corp:3128';
      variables['agent.proxypassword'] = secrets.proxy;
      variables['agent.proxybypasslist'] = 'localhost;*.corp';
    },
    code: 'InvalidProxy',
    says: `The agent's proxy bypass list is localhost;*.corp`,
    hint: /JSON list/,
  },
  {
    task,
    bad: 'a CA file that is not there',
    prepare: ({ variables }) => {
      variables['agent.cainfo'] = '/nowhere/ca.pem';
    },
    code: 'InvalidCertificateAuthority',
    says: /^The agent's CA file \/nowhere\/ca\.pem could not be read: ENOENT/,
    hint: /--sslcacert/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a CA file without a certificate',
    prepare: ({ variables, file }) => {
      variables['agent.cainfo'] = file('ca.pem', 'no certificate');
    },
    code: 'InvalidCertificateAuthority',
    says: /^The agent's CA file holds no certificate/,
    hint: /PEM/,
  },
];
