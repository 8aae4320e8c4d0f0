import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { OriginConnection, type OriginExchange } from "../../../gateway/src/proxy/origin-connection.ts";

/** A connection whose far side is the test, and what its one exchange heard. */
function openConnection() {
  const heard: string[] = [];
  const socket = new Socket();
  let receive = (_piece: Buffer) => {};
  const open = (onData: (piece: Buffer) => void) => {
    receive = onData;
    return socket;
  };
  const connection = new OriginConnection(open, () => heard.push("idle"));
  const exchange: OriginExchange = {
    method: "GET",
    head: "GET / HTTP/1.1\r\nhost: origin\r\n\r\n",
    asksUpgrade: false,
    onSending: () => heard.push("sending"),
    onDrain: () => undefined,
    isSent: () => true,
    onPause: () => undefined,
    onSwitched: () => heard.push("switched"),
    onError: (error) => heard.push(`error ${error.constructor.name}`),
    onInterim: () => heard.push("interim"),
    onHead: ({ status }) => heard.push(`head ${status}`),
    onBody: () => heard.push("body"),
    onEnd: () => heard.push("end"),
  };
  return { connection, exchange, socket, heard, say: (text: string) => receive(Buffer.from(text, "latin1")) };
}

const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

describe("a connection to an origin", () => {
  test("takes what comes after the request as its answer", () => {
    const { connection, exchange, heard, say } = openConnection();
    connection.assign(exchange);
    connection.start();
    say(ANSWER);
    expect(heard).toEqual(["sending", "head 200", "end", "idle"]);
  });

  test("takes what comes before the request was written as nobody's answer, and ends", async () => {
    const { connection, exchange, socket, heard, say } = openConnection();
    connection.assign(exchange);
    connection.startSoon();
    say(ANSWER);
    await expect.poll(() => heard).toEqual(["error OriginClosedError"]);
    expect(socket.destroyed).toBe(true);
  });

  test("that was given up in the same turn sends nothing", async () => {
    const { connection, exchange, heard } = openConnection();
    connection.assign(exchange);
    connection.startSoon();
    connection.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([]);
  });

  test("that became a WebSocket tells its pool when it is closed", async () => {
    const { connection, exchange, socket, heard, say } = openConnection();
    socket.once("close", () => heard.push("closed"));
    connection.assign({ ...exchange, asksUpgrade: true });
    connection.start();
    say("HTTP/1.1 101 x\r\nupgrade: websocket\r\n\r\n");
    socket.destroy();
    await expect.poll(() => heard).toEqual(["sending", "head 101", "switched", "closed"]);
  });

  test("that ended since it was chosen begins nothing, for then it may begin elsewhere", async () => {
    const { connection, exchange, socket, heard } = openConnection();
    connection.assign(exchange);
    socket.destroy();
    connection.start();
    await expect.poll(() => heard).toEqual(["error OriginClosedError"]);
  });
});
