/** Whoever has not answered a ping by the next one is gone. */
const PAUSE_MILLISECONDS = 12_000;

/** As much of a WebSocket as this needs. */
export interface PingedSocket {
  on(event: 'pong', heard: () => void): unknown;
  ping(): void;
  terminate(): void;
}

/**
 * Keeps whatever lies between from taking a quiet connection for a dead one, and ends connections that are dead.
 * Returns what stops it.
 */
export function pingSocket(socket: PingedSocket, pauseMilliseconds = PAUSE_MILLISECONDS): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const pinging = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pauseMilliseconds);
  return () => clearInterval(pinging);
}
