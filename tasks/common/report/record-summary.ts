import type { RolloutRecord } from '../record/record.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { table } from './markdown.ts';
import { notAsFound } from './paused-text.ts';
import { counted, imageName } from './words.ts';

/** The record beside what the model names and the nodes run, a row each. */
export function recordRows(
  record: RolloutRecord | undefined,
  modelImage: string,
  nodes: readonly Node[],
): readonly (readonly string[])[] {
  return [
    ...(record ? rowsOf(record) : [['Record', 'none']]),
    ['Model names', modelImage || 'a marketplace image'],
    ['Nodes run', versions(nodes)],
  ];
}

function rowsOf(record: RolloutRecord): readonly (readonly string[])[] {
  const { owner, chosen, checkpoints, previous, scaleOut, model, paused } = record;
  return [
    ['Rollout', record.rolloutId],
    ['State', `${record.state}: ${meanings[record.state]}`],
    ['Target', record.target],
    ['Proven image', record.stable],
    ...(previous === undefined ? [] : [['Image before', previous]]),
    ['Stage', `${record.stage}, which is ${record.wanted === 'all' ? 'all nodes' : counted(record.wanted, 'node')}`],
    ...(chosen ? [['Chosen nodes', chosen.join(', ')]] : []),
    ...(checkpoints ? [['Checkpoints', `${checkpoints.join(', ')}; passed: ${record.passed ?? 0}`]] : []),
    ...(record.sick.length > 0 ? [['Sick before', record.sick.join(', ')]] : []),
    ...(record.renew ? [['Renews (force)', renewalWords(Object.keys(record.renew).length)]] : []),
    ...(scaleOut ? [['Scale-outs get', 'the new image, as scaleOutImage asked']] : []),
    ...(paused ? [['Not as it was found', notAsFound(paused, '<set>')]] : []),
    ...(model ? [['Parts of the model known', Object.keys(model.parts).join(', ')]] : []),
    ['Run', `${owner.name || owner.run}, attempt ${owner.attempt}${owner.url ? `, ${owner.url}` : ''}`],
    ['Its time ends', new Date(owner.expires).toISOString()],
  ];
}

const renewalWords = (disks: number) =>
  disks === 0 ? 'no disk, or no more' : `${counted(disks, 'disk')} of the image, as they were when it began`;

const meanings: Readonly<Record<RolloutRecord['state'], string>> = {
  rolling: 'a task is at work, or died at it',
  waiting: 'a stage is done, and more are to come',
  halted: 'stopped by a failure',
  stopped: 'stopped by cancel or a deadline',
  whole: 'finished',
  rollingBack: 'a task takes it back, or died at it',
  backPending: 'it is to be taken back',
  rolledBack: 'taken back',
};

/** `3 × 1.0.0, 1 × 2.0.0`. */
function versions(nodes: readonly Node[]): string {
  const images = [...new Set(nodes.map(({ image }) => image.toLowerCase()))];
  const many = images.map((image) => nodes.filter((node) => sameImage(node.image, image) || node.image === image));
  return many.map((group) => `${group.length} × ${imageName(group[0]?.image ?? '')}`).join(', ') || 'no nodes';
}

export const recordSummary = (sentence: string, rows: readonly (readonly string[])[]): string =>
  [`**${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.**`, table(['Record', 'Says'], rows)].join('\n\n');
