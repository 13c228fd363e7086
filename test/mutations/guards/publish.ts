import type { Group } from '../mutation.ts';

/** A gallery version, and the regions that have it. */
export const publishGuards: readonly Group[] = [
  {
    file: 'tasks/common/azure/gallery-regions.ts',
    tests: 'test/common/azure/gallery-regions.test.ts',
    guards: [
      {
        guard: 'a write of regions keeps those that are there',
        text: 'regions: [...merged.map(({ region }) => region), ...added.map(targetRegion)],',
        without: 'regions: wanted.map(targetRegion),',
        red: 'mergeRegions adds a region and keeps the others as they are',
      },
      {
        guard: 'replicas are never taken away',
        text: '  if (replicas < present) return { region, kept: `${wanted.name} keeps its ${present} replicas` };\n',
        without: '',
        red: 'mergeRegions never lowers replicas',
      },
      {
        guard: 'a change of storage, which Azure can not make, is refused',
        text: '  refuseOtherStorage(region, wanted);\n',
        without: '  void refuseOtherStorage;\n',
        red: 'mergeRegions refuses another storage, which Azure can not change',
      },
      {
        guard: 'a region named twice is refused',
        text: "  if (twice) throw badRegion('ContradictoryInputs', input, lines.join('; '), `It names ${twice.name} twice.`);\n",
        without: '',
        red: 'parseRegions refuses ["koreacentral","Korea Central"]',
      },
    ],
  },
  {
    file: 'tasks/common/azure/gallery.ts',
    tests: 'test/PublishGalleryVersion/publish-version.test.ts',
    guards: [
      {
        guard: 'Azure itself is forbidden to drop replicas (allowDeletionOfReplicatedLocations)',
        text: 'allowDeletionOfReplicatedLocations: false',
        without: 'allowDeletionOfReplicatedLocations: true',
        red: 'publishVersion brings a managed image to every region and returns when it is there',
      },
      {
        guard: 'a write of regions leaves the rest of the profile as it was',
        text: 'publishingProfile: { ...profile, targetRegions: [...regions] },',
        without: 'publishingProfile: { targetRegions: [...regions] },',
        red: 'publishVersion adds the regions that are missing, keeps the others, and leaves the rest of the profile',
      },
    ],
  },
  {
    file: 'tasks/PublishGalleryVersion/next-publish-step.ts',
    tests: 'test/PublishGalleryVersion/next-publish-step.test.ts',
    guards: [
      {
        guard: 'a number that another source has is refused',
        text: '  if (!sameId(seen.sourceId, wanted.sourceId)) throw taken(seen, wanted);\n',
        without: '  void [sameId, taken, wanted];\n',
        red: 'nextPublishStep refuses another source, with both',
      },
      {
        guard: 'a region that failed fails the task',
        text: '  if (failed.length > 0) throw regionFailed(seen, failed);\n',
        without: '  void regionFailed;\n',
        red: 'nextPublishStep refuses a failed region, with its reason',
      },
      {
        guard: 'nothing is written while another update is open',
        text: "  if (seen.state !== 'Succeeded') return { kind: 'wait', missing: missingReplicas(seen, wanted) };\n",
        without: '',
        red: 'nextPublishStep waits for the end of another update before it adds a region',
      },
      {
        guard: 'a region of which Azure says nothing does not have the version',
        text: "?? { region, state: 'Unknown', percent: 0, details: '' },",
        without: "?? { region, state: 'Completed', percent: 100, details: '' },",
        red: 'nextPublishStep waits for a region of which Azure says nothing',
      },
    ],
  },
  {
    file: 'tasks/PublishGalleryVersion/publish-version.ts',
    tests: 'test/PublishGalleryVersion/publish-version.test.ts',
    guards: [
      {
        guard: 'a source that does not fit the definition is refused before the write',
        text: '  if (problems.length > 0) throw misfit(version, problems);\n',
        without: '  void misfit;\n',
        red: 'publishVersion refuses a definition for another system before it writes',
      },
      {
        guard: 'a version is not published from itself',
        text: '  if (isSelf(sourceId, formatImageVersionId(version))) throw selfSource(sourceId.id);\n',
        without: '  void [isSelf, formatImageVersionId, selfSource];\n',
        red: 'publishVersion refuses to publish a version from itself',
      },
      {
        guard: 'waiting for replicas ends with its time',
        text: '    if (clock.now() >= deadline) throw overdue(request, seen, wanted);\n',
        without: '    void [deadline, overdue];\n',
        red: 'publishVersion says what is missing when its time is over',
      },
    ],
  },
  {
    file: 'tasks/PublishGalleryVersion/version-writer.ts',
    tests: 'test/PublishGalleryVersion/publish-version.test.ts',
    guards: [
      {
        guard: 'a write that is under way is not made again while reads lag behind',
        text: "      if (operation?.progress().kind === 'running') return 'underWay'; // accepted, and reads lag behind\n",
        without: '',
        red: 'publishVersion does not write again while the version does not show yet',
      },
    ],
  },
  {
    file: 'tasks/common/azure/gallery-source.ts',
    tests: 'test/PublishGalleryVersion/publish-version.test.ts',
    guards: [
      {
        guard: 'a source that is not done is refused',
        text: "  if (state === undefined || state === 'Succeeded') return;\n  throw",
        without: '  if (state !== undefined) return;\n  throw',
        red: 'publishVersion refuses an image that is not done before it writes',
      },
    ],
  },
];
