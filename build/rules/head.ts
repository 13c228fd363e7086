import type { TaskFile, TaskJson } from '../task-json.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const categories = [
  'Build',
  'Utility',
  'Test',
  'Package',
  'Deploy',
  'Azure Repos',
  'Azure Boards',
  'Azure Pipelines',
  'Azure Test Plans',
  'Azure Artifacts',
];

const texts = ['description', 'author', 'helpMarkDown', 'instanceNameFormat'] as const;

/** The fields above the inputs: names, version, where the task runs, its icon. */
export function headFindings({ folder, json, icon }: TaskFile, version: string): readonly string[] {
  const { id, name, friendlyName, category } = json;
  return [
    ...unless(guid.test(String(id)), `id ${show(id)} is not a GUID`),
    ...unless(/^[A-Za-z0-9-]+$/.test(String(name)), `name ${show(name)} may hold letters, digits and hyphens only`),
    ...unless(name === folder, `name ${show(name)} is not the name of its folder, ${folder}`),
    ...unless(isText(friendlyName) && friendlyName.length <= 40, 'friendlyName must have 1 to 40 characters'),
    ...texts.flatMap((field) => unless(isText(json[field]), `${field} is missing`)),
    ...unless(
      categories.includes(String(category)),
      `category ${show(category)} is not one of ${categories.join(', ')}`,
    ),
    ...unless(sameWords(json.visibility, ['Build', 'Release']), 'visibility must be ["Build", "Release"]'),
    ...unless(sameWords(json.runsOn, ['Agent', 'DeploymentGroup']), 'runsOn must be ["Agent", "DeploymentGroup"]'),
    ...versionFindings(json.version, version),
    ...unless(icon?.width === 32 && icon.height === 32, 'icon.png must be a PNG of 32x32'),
    ...placeholders(json),
  ];
}

/** Agents keep a task by its version: one that does not rise with the release is never fetched again. */
function versionFindings(found: Partial<TaskJson['version']> | undefined, version: string): readonly string[] {
  const [Major, Minor, Patch] = version.split('.').map(Number);
  const same = found?.Major === Major && found?.Minor === Minor && found?.Patch === Patch;
  return unless(same, `version must be the numbers ${JSON.stringify({ Major, Minor, Patch })}, as in package.json`);
}

/** `Bake $(templatePath)` shows the value of an input; a name that is none shows as it stands. */
function placeholders({ instanceNameFormat, inputs }: Partial<TaskJson>): readonly string[] {
  const names = new Set((inputs ?? []).map((input) => input.name));
  const used = [...String(instanceNameFormat).matchAll(/\$\(([^)]*)\)/g)].map(([, name]) => String(name));
  return used.flatMap((name) => unless(names.has(name), `instanceNameFormat names $(${name}), which is not an input`));
}

/** The finding when something that must hold does not. */
export function unless(holds: boolean, finding: string): readonly string[] {
  return holds ? [] : [finding];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** The same words in whatever order. */
export function sameWords(left: unknown, right: readonly string[]): boolean {
  return Array.isArray(left) && JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}
