import { createServer } from "node:http";

/** An origin that sends as much as it is asked for (`/BYTES`), and reads whatever it is sent. Argument: port. */
const PIECE = Buffer.alloc(64 * 1_024, "0123456789abcdef");

createServer((request, response) => {
  if (request.method === "PUT") {
    request.resume().on("end", () => response.end("ok"));
    return;
  }
  let left = Number(request.url?.slice(1));
  response.writeHead(200, { "content-length": left });
  const send = (): void => {
    while (left > 0) {
      const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
      left -= piece.length;
      if (!response.write(piece)) return void response.once("drain", send);
    }
    response.end();
  };
  send();
}).listen(Number(process.argv[2]), "127.0.0.1");
