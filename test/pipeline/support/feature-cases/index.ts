import { agentCases } from './agent.ts';
import { deploymentCases } from './deployments.ts';
import type { FeatureCase } from './feature-case.ts';
import { fileCases } from './files.ts';
import { orderCases } from './order.ts';
import { stepCases } from './steps.ts';

export const featureCases: readonly FeatureCase[] = [
  ...fileCases,
  ...orderCases,
  ...deploymentCases,
  ...stepCases,
  ...agentCases,
];
