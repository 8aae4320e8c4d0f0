import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** An origin that agrees to any WebSocket and then says nothing. Argument: port. */
const server = createServer((_, response) => void response.end("ok"));
server.on("upgrade", (request, socket) => {
  const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  socket.on("error", () => undefined);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
});
server.listen(Number(process.argv[2]), "127.0.0.1");
