// Runs inside of a network namespace: listens on addresses of it, and hands every connection to a socket of the file system,
// which a namespace does not hide. Arguments: `address port path`, again and again. Ends with its standard input.
import { connect, createServer } from 'node:net';

const places = process.argv.slice(2);
let ready = 0;
for (let at = 0; at < places.length; at += 3) {
  const [address, port, path] = places.slice(at, at + 3);
  const server = createServer((here) => {
    const there = connect(path);
    here.on('error', () => there.destroy()).pipe(there);
    there.on('error', () => here.destroy()).pipe(here);
  });
  server.listen(Number(port), address, () => {
    ready += 3;
    if (ready === places.length) console.log('ready');
  });
}
process.stdin.resume().on('end', () => process.exit());
