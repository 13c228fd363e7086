import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { managedImage, type Play } from '../../common/packer/fake-packer.ts';
import type { BadCase } from '../support/case.ts';
import { type Stage, secrets } from '../support/stage.ts';

const task = 'BakeImage';

const plays =
  (play: Play) =>
  ({ packer }: Stage) =>
    writeFileSync(join(packer.folder, 'play.json'), JSON.stringify(play));
const said = (text: string) => [`1,,ui,error,${text}\n`];
const program =
  (text: string) =>
  ({ packer }: Stage) =>
    writeFileSync(join(packer.folder, 'packer'), text, { mode: 0o755 });

/** Packer is not there, is not Packer, or does not end well; nothing of this touches what the task could have asked Azure. */
export const cases: readonly BadCase[] = [
  {
    task,
    bad: 'no Packer',
    prepare(stage) {
      stage.path = stage.tempFolder;
    },
    code: 'PackerNotFound',
    says: 'Packer was not found on PATH',
    hint: /Install Packer/,
  },
  {
    task,
    bad: 'another program of that name',
    prepare: program('#!/bin/sh\necho cracklib\n'),
    code: 'NotPacker',
    says: /packer is no Packer: it does not answer/,
    hint: /cracklib/,
  },
  {
    task,
    bad: 'a Packer for another machine',
    prepare: program('#!/nowhere/interpreter\n'),
    code: 'PackerNotStarted',
    says: /packer could not be started: /,
  },
  {
    task,
    bad: 'a template that is no JSON',
    prepare(stage) {
      stage.file('web.json', '{"builders": [');
      plays({ validate: { exit: 1, output: said('Failed to parse template: unexpected end of JSON input') } })(stage);
    },
    code: 'TemplateInvalid',
    says: /packer validate of .*web\.json ended with exit code 1: Failed to parse template: unexpected end of JSON input/,
  },
  {
    task,
    bad: 'a build that fails',
    prepare: plays({
      build: { exit: 1, output: said('Build azure-arm errored: Script exited with non-zero exit status: 7') },
    }),
    code: 'BuildFailed',
    says: /packer build of .*web\.json ended with exit code 1.*exit status: 7/,
    hint: /provisioner's script failed/,
  },
  {
    task,
    bad: 'a build that prints a secret of the author and ten megabytes',
    inputs: { variables: `token=${secrets.variable}` },
    prepare: plays({ build: { exit: 1, errors: ['x'.repeat(10_000_000), '\n'] } }),
    code: 'BuildFailed',
    says: /ended with exit code 1/,
  },
  {
    task,
    bad: 'a build that makes no image',
    prepare: plays({ build: { output: ['1,null,artifact-count,0\n'] } }),
    code: 'NoImage',
    says: 'Packer ended without an error, but it built nothing',
    hint: /onlyBuilds|azure-arm/,
  },
  {
    task,
    bad: 'a build that makes two images',
    prepare: plays({
      build: { output: [...managedImage('web-1', 'azure-arm.a'), ...managedImage('web-2', 'azure-arm.b')] },
    }),
    code: 'SeveralImages',
    says: /web-1.*web-2/,
    hint: /onlyBuilds/,
  },
  {
    task,
    bad: 'a plugin that can not be had',
    inputs: { templatePath: 'web.pkr.hcl' },
    prepare(stage) {
      stage.file('web.pkr.hcl', 'packer {}\n');
      plays({ version: '1.10.0', init: { exit: 1, errors: ['dial tcp: lookup github.com: no such host\n'] } })(stage);
    },
    code: 'PackerInitFailed',
    says: /packer init of .*web\.pkr\.hcl ended with exit code 1: .*no such host/,
    hint: /proxy/,
  },
];
