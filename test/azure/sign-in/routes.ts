import type { Route } from '../core/routes.ts';
import { getBuild } from './builds.ts';
import { configurationV1, configurationV2, discoverInstance } from './metadata.ts';
import { createOidcToken, refuseGet } from './oidc.ts';
import { issueV1, issueV2 } from './tokens.ts';

const protocol = 'https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow';
const discovery = 'https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc';
const oidcPage = 'https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create';
const buildsPage = 'https://learn.microsoft.com/rest/api/azure/devops/build/builds/get';
const oidcToken = '/:organization/:project/_apis/distributedtask/hubs/:hub/plans/:plan/jobs/:job/oidctoken';

export const loginRoutes: readonly Route[] = [
  ['GET', '/common/discovery/instance', discoverInstance, discovery],
  ['GET', '/:tenant/.well-known/openid-configuration', configurationV1, discovery],
  ['GET', '/:tenant/v2.0/.well-known/openid-configuration', configurationV2, discovery],
  ['POST', '/:tenant/oauth2/token', issueV1, protocol],
  ['POST', '/:tenant/oauth2/v2.0/token', issueV2, protocol],
];

export const devopsRoutes: readonly Route[] = [
  ['POST', oidcToken, createOidcToken, oidcPage],
  ['GET', oidcToken, refuseGet, oidcPage],
  ['GET', '/:organization/:project/_apis/build/builds/:build', getBuild, buildsPage],
];
