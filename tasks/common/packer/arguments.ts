import type { PackerCommand } from './packer-failure.ts';

export interface TemplateArguments {
  /** An absolute path: it can't be taken for an option. */
  readonly template: string;
  readonly variableFiles: readonly string[];
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/** The command line. It holds names of files and builds and never a value of a variable or a credential. */
export function packerArguments(command: PackerCommand, wanted: TemplateArguments): readonly string[] {
  const { template, variableFiles, only, except } = wanted;
  if (command === 'init') return ['-machine-readable', 'init', template];
  return [
    '-machine-readable',
    command,
    ...(only.length > 0 ? [`-only=${only.join(',')}`] : []),
    ...(except.length > 0 ? [`-except=${except.join(',')}`] : []),
    ...variableFiles.map((file) => `-var-file=${file}`),
    template,
  ];
}
