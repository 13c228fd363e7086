import { createWorld } from '../../core/world.ts';
import { openRealMachines } from './real-machines.ts';

/** A process with two machines, one of which refuses to be ended gently: close.test.ts kills it. */
const host = await openRealMachines();
const { machines } = createWorld({ clock: { now: () => Date.now() }, machines: host.machines });
const create = (id: string) =>
  new Promise((resolve) => machines.create({ id, name: id, disk: { content: 'base' } }, resolve));
await Promise.all([create('one'), create('two')]);
machines.runScript(
  'one',
  { lines: `trap '' TERM HUP; while :; do sleep 1; done`, parameters: {}, timeoutS: 600 },
  () => {},
);
const address = machines.address('one') ?? '';
console.log(JSON.stringify({ address, folder: `/run/phoenix-machines/${address.split('.')[2]}` }));
setInterval(() => {}, 1000);
