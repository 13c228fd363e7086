/** The simulated Azure: a world, the plain function that answers a call, and the servers that put HTTP around it. */
export { type AlertRuleOptions, addAlertRule } from './alerts/rules.ts';
export { restrictPrincipal } from './authorization/assignments.ts';
export { addLock } from './authorization/locks.ts';
export type { Assignment } from './authorization/state.ts';
export { type AutoscaleEvent, addAutoscaleEvents } from './autoscale/autoscaler.ts';
export { type AutoscaleOptions, addAutoscaleSetting } from './autoscale/builders.ts';
export type { AutoscaleAction } from './autoscale/state.ts';
export { type AllocationFailure, addAllocationFailure } from './compute/allocation/failures.ts';
export { addQuota } from './compute/quota/quota.ts';
export { gates } from './core/gates.ts';
export { handle } from './core/handle.ts';
export { createWorld, later, settle, type World, type WorldOptions } from './core/world.ts';
export { type VirtualMachines, virtualMachines } from './machines/virtual/virtual-machines.ts';
export type { RequestLine } from './server/https-server.ts';
export { simulatedHttpClient } from './server/in-process.ts';
export { type RunningAzure, type StartOptions, startAzure } from './server/start.ts';
export { type NewCertificate, newCertificate } from './sign-in/new-certificate.ts';
export {
  type Directory,
  type JobAccess,
  registerAllJobs,
  registerBuild,
  registerCertificate,
  registerDirectory,
  registerJob,
  registerMachineIdentity,
  registerPrincipal,
  registerServiceConnection,
  registerSubscription,
  registerTenant,
} from './sign-in/register.ts';
