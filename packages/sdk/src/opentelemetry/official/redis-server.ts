import { createServer, type Server } from "node:net";

/**
 * Speaks as much of Redis' protocol as a test of a client needs: it keeps what SET gives it, answers
 * GET, refuses INCR of a text, and says OK to the rest.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function redisServer(): Server {
  const values = new Map<string, string>();
  return createServer((socket) => {
    let received = "";
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (text: string) => {
      received += text;
      for (let next = command(received); next !== undefined; next = command(received)) {
        received = received.slice(next.length);
        socket.write(answer(next.words, values));
      }
    });
  });
}

interface Command {
  readonly words: readonly string[];
  /** Characters that it takes of the text. */
  readonly length: number;
}

/** The first whole command of a text; undefined while it is not complete. ASCII only. */
function command(text: string): Command | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let length = head[0].length;
  const words: string[] = [];
  for (let i = 0; i < Number(head[1]); i++) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(length));
    if (size === null) return undefined;
    const start = length + size[0].length;
    const end = start + Number(size[1]);
    if (text.length < end + 2) return undefined;
    words.push(text.slice(start, end));
    length = end + 2;
  }
  return { words, length };
}

function answer([name = "", key = "", value = ""]: readonly string[], values: Map<string, string>) {
  switch (name.toUpperCase()) {
    case "HELLO":
      return "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n";
    case "SET":
      values.set(key, value);
      return "+OK\r\n";
    case "GET": {
      const found = values.get(key);
      return found === undefined ? "_\r\n" : `$${found.length}\r\n${found}\r\n`;
    }
    case "INCR":
      return "-ERR value is not an integer or out of range\r\n";
    default:
      return "+OK\r\n";
  }
}
