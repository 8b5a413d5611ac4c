import { createServer, type Server, type Socket } from "node:net";

/** Length of a message's type byte and of its length field. */
const HEAD_BYTES = 5;
const READY = message("Z", Buffer.from("I"));

/**
 * Speaks as much of PostgreSQL's protocol 3 as a test of a driver needs: it lets everybody in, and
 * answers each simple query with one row `answer = 42`, or an error when the text names `nowhere`.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function postgresServer(): Server {
  return createServer((socket) => {
    let isStarted = false;
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!isStarted) {
        // The first message has no type byte; its length counts itself.
        if (received.length < 4 || received.length < received.readInt32BE(0)) return;
        received = received.subarray(received.readInt32BE(0));
        isStarted = true;
        socket.write(Buffer.concat([message("R", int32(0)), READY]));
      }
      while (received.length >= HEAD_BYTES && received.length > received.readInt32BE(1)) {
        const end = 1 + received.readInt32BE(1);
        answer(socket, String.fromCharCode(received[0]!), received.subarray(HEAD_BYTES, end));
        received = received.subarray(end);
      }
    });
  });
}

function answer(socket: Socket, type: string, body: Buffer): void {
  if (type === "X") socket.end();
  if (type !== "Q") return;
  const isBroken = body.toString().includes("nowhere");
  socket.write(Buffer.concat([isBroken ? missingTable() : oneRow(), READY]));
}

function missingTable(): Buffer {
  const fields = ["SERROR", "VERROR", "C42P01", "Mrelation does not exist"];
  return message("E", Buffer.from(`${fields.join("\0")}\0\0`));
}

function oneRow(): Buffer {
  // Table, column, type int4 (23), its size, no modifier, text format.
  const column = [int32(0), int16(0), int32(23), int16(4), int32(-1), int16(0)];
  const description = [int16(1), Buffer.from("answer\0"), ...column];
  const row = [int16(1), int32(2), Buffer.from("42")];
  return Buffer.concat([
    message("T", Buffer.concat(description)),
    message("D", Buffer.concat(row)),
    message("C", Buffer.from("SELECT 1\0")),
  ]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
