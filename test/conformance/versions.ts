/** A set of documents that share their versions: which calls are theirs, and how versions that are not stored are read. */
interface Family {
  readonly name: string;
  readonly path: RegExp;
  readonly stored: readonly string[];
  /** Versions that clients send → the stored document that describes them best (the specs' README). */
  readonly readAs: Readonly<Record<string, string>>;
}

/** What the tests' own raw calls send to every provider; it is a version of compute and of resources. */
const ofTests = '2024-07-01';

const families: readonly Family[] = [
  {
    name: 'galleries',
    path: /\/providers\/Microsoft\.Compute\/galleries/i,
    stored: ['2019-03-01', '2024-03-03'],
    // 2025-03-03: arm-compute 24; 2019-12-01: Azure CLI's hybrid profile; 2023-07-03: the first with machines as source
    readAs: {
      [ofTests]: '2024-03-03',
      '2025-03-03': '2024-03-03',
      '2019-12-01': '2024-03-03',
      '2023-07-03': '2024-03-03',
    },
  },
  {
    name: 'disks',
    path: /\/providers\/Microsoft\.Compute\/(disks|snapshots)/i,
    stored: ['2018-04-01', '2024-03-02'],
    readAs: {
      [ofTests]: '2024-03-02',
      '2025-01-02': '2024-03-02',
      '2020-06-30': '2024-03-02',
      // Azure CLI's hybrid profile: it has incremental snapshots already
      '2019-07-01': '2024-03-02',
    },
  },
  {
    name: 'interfaces of scale set instances',
    path: /\/virtualMachineScaleSets\/.+\/networkInterfaces/i,
    // the one version that these calls have ever had
    stored: ['2018-10-01'],
    readAs: { [ofTests]: '2018-10-01', '2024-05-01': '2018-10-01' },
  },
  {
    name: 'run commands',
    path: /\/virtualMachines\/[^/]+\/runCommands?(\/|$)/i,
    stored: ['2024-07-01'],
    // the stored documents of 2020 are compute.json alone
    readAs: { '2026-03-01': '2024-07-01', '2020-06-01': '2024-07-01' },
  },
  {
    name: 'compute',
    path: /\/providers\/Microsoft\.Compute\//i,
    stored: ['2018-04-01', '2020-06-01', '2024-07-01'],
    readAs: { '2026-03-01': '2024-07-01' },
  },
  {
    name: 'network',
    path: /\/providers\/Microsoft\.Network\//i,
    stored: ['2018-01-01', '2024-05-01'],
    readAs: {
      [ofTests]: '2024-05-01',
      '2022-07-01': '2024-05-01',
      '2022-01-01': '2024-05-01',
      '2018-11-01': '2018-01-01',
    },
  },
  { name: 'autoscale', path: /\/providers\/Microsoft\.Insights\//i, stored: ['2022-10-01'], readAs: {} },
  {
    name: 'locks',
    path: /\/providers\/Microsoft\.Authorization\/locks/i,
    stored: ['2020-05-01'],
    readAs: { [ofTests]: '2020-05-01', '2016-09-01': '2020-05-01' },
  },
  {
    name: 'subscriptions',
    path: /^\/(tenants|subscriptions(\/[^/]+(\/locations)?)?)\/?$/i,
    stored: ['2022-12-01'],
    readAs: {
      [ofTests]: '2022-12-01',
      '2016-06-01': '2022-12-01',
      '2019-06-01': '2022-12-01',
      '2019-11-01': '2022-12-01',
      '2021-04-01': '2022-12-01',
    },
  },
  {
    name: 'resources',
    path: /^\//,
    stored: ['2018-02-01', '2024-07-01'],
    readAs: {
      '2021-04-01': '2024-07-01',
      '2019-10-01': '2024-07-01',
      '2020-10-01': '2024-07-01',
      '2019-07-01': '2018-02-01',
      '2018-05-01': '2018-02-01',
    },
  },
];

/** The version of the stored document that describes this call; undefined when the table does not name it. */
export function storedVersion(path: string, sent: string): string | undefined {
  // Locks and tags of a resource are another provider's: the last one in the path.
  const own = path.slice(Math.max(0, path.toLowerCase().lastIndexOf('/providers/')));
  const family = families.find((known) => known.path.test(own));
  return family?.stored.includes(sent) ? sent : family?.readAs[sent];
}

/**
 * Calls that the stored documents cannot judge: the permissions API, alerts and alert rules are not among them. Our own
 * rules still look at them.
 */
export const hasNoDocument = (path: string): boolean => withoutDocument.some((pattern) => pattern.test(path));

const withoutDocument = [
  /\/providers\/Microsoft\.Authorization\/permissions$/i,
  /\/providers\/Microsoft\.AlertsManagement\/alerts$/i,
  /\/providers\/Microsoft\.Insights\/(metricAlerts|scheduledQueryRules|activityLogAlerts)\/[^/]+$/i,
];
