import assert from 'node:assert/strict';
import { playScratch, printed } from '../support/play-scratch.ts';

const list = `
jobs:
- job: A
  steps: [{ checkout: self }, { script: "find . -type f | sort; cat tracked" }]`;

const files = {
  tracked: 'as committed',
  'deep/new': 'n',
  'ignored/big': 'b',
  '.gitignore': 'ignored/',
  'node_modules/x': 'x',
};

describe('checkout: self', () => {
  it('copies a folder that is no git repository whole, but for installed packages', async () => {
    const { result } = await playScratch({ yaml: list, files });
    assert.deepEqual(printed(result).slice(0, -1), [
      './.gitignore',
      './azure-pipelines.yml',
      './deep/new',
      './ignored/big',
      './tracked',
    ]);
  });

  it('copies what git knows or would take, as it is in the working tree', async () => {
    const { result } = await playScratch({
      yaml: list,
      files: { ...files, tracked: 'as edited' },
      git: ['tracked', '.gitignore'],
    });
    assert.deepEqual(printed(result), [
      './.gitignore',
      './azure-pipelines.yml',
      './deep/new',
      './node_modules/x',
      './tracked',
      'as edited',
    ]);
  });
});
