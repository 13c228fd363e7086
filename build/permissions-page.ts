import { join } from 'node:path';
import { readJson } from './project.ts';
import { fenced, table } from './task-page.ts';

interface Role {
  readonly tasks: readonly string[];
  readonly role: string;
  readonly needs: readonly Need[];
}

interface Need {
  readonly where: string;
  readonly actions: readonly { readonly name: string; readonly why: string; readonly notAsked?: boolean }[];
}

/** The one list of actions: the tasks ask it before they write, the tests hold their calls against it. */
export const readRoles = (folder: string): readonly Role[] =>
  readJson(join(folder, 'tasks', 'common', 'preflight', 'actions.json')) as readonly Role[];

/** docs/permissions.md: the rights of every task, and a custom role of no more than those. */
export function permissionsPage(roles: readonly Role[]): string {
  return `${[introduction, ...roles.map(section), ending].join('\n\n')}\n`;
}

const introduction = `<!-- Made from tasks/common/preflight/actions.json by \`npm run docs\`. -->

# Permissions

What the identity behind the service connection must be allowed to do, task by task, and a custom role of exactly that. Write a
role to a file, put your subscription into it, and:

${fenced(
  'sh',
  `az role definition create --role-definition role.json
az role assignment create --assignee <application id> --role "Phoenix rollout" --scope <scope of the table>`,
)}

A task asks Azure for these rights before its first write and names all that are missing at once (\`RightsMissing\`), and the locks
that would stop it (\`ScopeLocked\`). What is marked *not asked* it does not insist on: it can do without, needs it
rarely, or only Packer knows whether it will. A new assignment takes up to ten minutes to count.

## Azure DevOps

The extension itself asks for no scopes of Azure DevOps. Tasks use the job's own token, for two things; nothing has to be mapped
in the YAML:

| Who | Right | What for |
| --- | --- | --- |
| The pipeline | use of the service connection | with workload identity federation, an OIDC token of the connection named in the task's own input |
| The build service | *View builds* on the pipelines that change the same scale set | UpgradeScaleSetNodes and RollbackScaleSet, where another run holds the rollout: does it still run? |

The build service is *Project Build Service* or *Project Collection Build Service*, as the job authorization scope says. Where it
can't see that run, or the run is of another project, the task waits for nobody and fails with \`RolloutHeldByAnotherRun\` until
the time of the record is over or \`takeover\` is said.`;

const section = (role: Role) =>
  [
    `## ${role.tasks.join(' and ')}`,
    ...(notes[role.role] ?? []),
    table(
      ['Scope', 'Action', 'What for'],
      role.needs.flatMap(({ where, actions }) =>
        actions.map(({ name, why, notAsked }) => [
          where,
          `\`${name}\``,
          `${why}${notAsked === true ? ' (not asked)' : ''}`,
        ]),
      ),
    ),
    fenced('json', JSON.stringify(customRole(role), null, 2)),
  ].join('\n\n');

/** https://learn.microsoft.com/azure/role-based-access-control/custom-roles: what \`az role definition create\` takes. */
const customRole = ({ role, tasks, needs }: Role) => ({
  Name: role,
  IsCustom: true,
  Description: `What ${tasks.join(' and ')} of Phoenix Scale Sets must be allowed to do.`,
  Actions: [...new Set(needs.flatMap(({ actions }) => actions.map(({ name }) => name)))].sort(),
  NotActions: [],
  AssignableScopes: ['/subscriptions/<subscription id>'],
});

const notes: Readonly<Record<string, readonly string[]>> = {
  'Phoenix image baker': [
    "Packer's Azure plugin makes a temporary resource group with a machine in it, and an image outside of it. The rights on the group of the image are asked before Packer starts when the template writes the group out or takes it from a variable of the step, and builds with this connection; the others are Packer's to find. Built in: *Contributor* on both groups.",
    "For an image of Windows Packer makes a key vault, too. A template that publishes to a gallery by itself needs the rights there; with PublishGalleryVersion it doesn't.",
  ],
  'Phoenix rollout': [
    'Assign it on the resource group of the scale set, and on the gallery: on the set alone it would not do, since what Azure has accepted can be followed only with a right [on the group](https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations). Built in: *Virtual Machine Contributor* on the group, *Reader* on the gallery.',
    '*Virtual Machine Contributor* does not reach to Azure Monitor. For `alerts` add *Monitoring Reader* on the subscription of the rules. For `autoscale: pause` no built-in [role for monitoring](https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor) will do, since none of them may write autoscale settings: take the role below, or *Contributor* on the group.',
    'A write of the model is also checked against everything that the model refers to, which depends on your set: `Microsoft.Network/virtualNetworks/subnets/join/action`, `loadBalancers/backendAddressPools/join/action`, `loadBalancers/probes/join/action`, `networkSecurityGroups/join/action`, and `Microsoft.ManagedIdentity/userAssignedIdentities/assign/action` where the set has such an identity. *Network Contributor* on the network has them, or a role of your own. They are not asked beforehand; a missing one shows as `LinkedAuthorizationFailed` at the first write, before any node is touched.',
  ],
};

const ending = `## Locks

A *ReadOnly* lock on the scale set, the gallery, the group of a baked image, or anything above them stops the task that writes there. A
*CanNotDelete* lock stops a rollout with \`drainScript\` or \`healthSource: script\` only: the run commands that drain and check are deleted when they have ended.`;
