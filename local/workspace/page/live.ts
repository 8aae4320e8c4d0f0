import type { Push } from "../model.ts";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;

/**
 * Listens to the workspace and comes back when the connection is lost. `onOpen` is called each time it stands, for what
 * happened before must then be loaded; where that fails the connection begins anew. Returns the function that ends it.
 */
export function listenLive(
  as: string,
  onPush: (push: Push) => void,
  onOpen: () => Promise<void>,
  onLost: () => void,
): () => void {
  let socket: WebSocket | undefined;
  let timer: number | undefined;
  let waitMs = FIRST_WAIT_MS;
  const connect = () => {
    const opening = new WebSocket(`ws://${location.host}/workspace/socket?as=${encodeURIComponent(as)}`);
    socket = opening;
    socket.onmessage = ({ data }) => onPush(JSON.parse(String(data)) as Push);
    socket.onopen = () => {
      waitMs = FIRST_WAIT_MS;
      onOpen().catch(() => opening.close());
    };
    socket.onclose = () => {
      onLost();
      timer = window.setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    if (socket !== undefined) socket.onclose = null;
    socket?.close();
  };
}
