import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";

/**
 * Opens WebSockets through the gateway and keeps them, then listens, so that whoever started it knows that they stand.
 * Arguments: own port, the gateway's port, how many, the JWT.
 */
const [ownPort, port, count, jwt] = process.argv.slice(2);
const OPENING_AT_ONCE = 50;

async function open(): Promise<void> {
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(
    [
      "GET / HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      `cf-access-token: ${jwt}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString().startsWith("HTTP/1.1 101")) throw new Error(answer.toString());
}

for (let opened = 0; opened < Number(count); opened += OPENING_AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(OPENING_AT_ONCE, Number(count) - opened) }, open));
}
createServer().listen(Number(ownPort), "127.0.0.1");
