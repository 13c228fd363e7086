/**
 * Counts the connections that somebody may still use: with an answer on its way, or idle and kept alive, so that the
 * client may send its next request at any moment. Connections that carried nothing but health probes do not count.
 */
export function countSessions(server) {
  const open = new Map();

  server.on('connection', (socket) => {
    open.set(socket, { probesOnly: false });
    socket.once('close', () => open.delete(socket));
  });

  return {
    /** Called with each request, before it is answered. */
    seen(request) {
      const session = open.get(request.socket);
      if (!session) return;
      const isProbe = request.url === '/health';
      session.probesOnly = isProbe && (session.probesOnly || !session.used);
      session.used = true;
    },
    live: () => [...open.values()].filter((session) => !session.probesOnly).length,
  };
}
