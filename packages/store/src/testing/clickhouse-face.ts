import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { AvxError } from "@avx/model";
import type { EngineProcess } from "../engine/engine-process.ts";
import type { SqlParameters } from "../engine/engine-protocol.ts";
import { sqlString } from "../engine/sql-string.ts";
import { parametersOf } from "./clickhouse-parameters.ts";

interface Statement {
  readonly query: string;
  readonly asked: URLSearchParams;
  readonly data: Buffer | undefined;
  /** Fires when the client has left. */
  readonly signal: AbortSignal;
}

/** What was sent to the face, for tests to look at. */
export interface FaceRequest {
  readonly query: string;
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * The HTTP interface of a ClickHouse server in front of the embedded engine, as far as the official
 * client uses it: a statement in the body or in `query`, `param_*`, settings, data in the body.
 * Statements for a cluster are given to the engine's parser as they are, and carried out on tables
 * of this one node.
 */
export class ClickHouseFace {
  readonly requests: FaceRequest[] = [];
  /** While set, connections are cut before anything is answered. */
  isDown = false;
  /** Statements that were ended because their connection was gone. */
  readonly cancelled: string[] = [];
  readonly #engine: EngineProcess;
  readonly #spoolDir: string;
  readonly #server: Server;
  readonly #seenTokens = new Set<string>();
  #files = 0;

  private constructor(engine: EngineProcess, spoolDir: string) {
    this.#engine = engine;
    this.#spoolDir = spoolDir;
    this.#server = createServer((request, reply) => {
      if (this.isDown) request.socket.destroy();
      else void this.#answer(request, reply);
    });
  }

  /** `spoolDir` must exist; the engine reads what is inserted from there. */
  static async open(engine: EngineProcess, spoolDir: string): Promise<ClickHouseFace> {
    const face = new ClickHouseFace(engine, spoolDir);
    face.#server.listen(0, "127.0.0.1");
    await once(face.#server, "listening");
    return face;
  }

  get url(): string {
    const bound = this.#server.address();
    return `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const asked = new URL(request.url ?? "/", "http://face").searchParams;
    const inUrl = asked.get("query");
    const query = inUrl ?? body.toString();
    this.requests.push({ query, settings: new Map(asked) });
    const gone = new AbortController();
    reply.once("close", () => {
      if (reply.writableFinished) return;
      // Of that setting ClickHouse makes a cancelled query, of reads only.
      if (asked.get("cancel_http_readonly_queries_on_client_close") !== "1") return;
      this.cancelled.push(query);
      gone.abort();
    });
    try {
      const data = inUrl === null ? undefined : body;
      const bytes = await this.#carryOut({ query, asked, data, signal: gone.signal });
      reply.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
    } catch (error) {
      const cause = error instanceof AvxError && error.cause ? error.cause : error;
      const message = cause instanceof Error ? cause.message : String(cause);
      const code = /Code: (\d+)/.exec(message)?.[1] ?? "1002";
      reply.writeHead(500, { "x-clickhouse-exception-code": code });
      reply.end(`Code: ${code}. DB::Exception: ${message} (FACE)`);
    }
  }

  async #carryOut({ query, asked, data, signal }: Statement): Promise<Uint8Array> {
    if (data && /^INSERT INTO/.test(query)) return this.#insert(query, asked, data);
    if (/^CREATE (TABLE|DATABASE)|^CREATE OR REPLACE VIEW/.test(query)) {
      await this.#run(`EXPLAIN AST ${query}`);
      const onOneNode = forOneNode(query);
      if (onOneNode !== "") await this.#run(onOneNode);
      return new Uint8Array(0);
    }
    const plain = query.replace(/ FORMAT Native$/, "");
    if (/ON CLUSTER/.test(plain)) await this.#run(`EXPLAIN AST ${plain}`);
    const parameters = parametersOf(plain, asked);
    return this.#engine.run({ sql: forOneNode(plain), role: "admin", parameters }, signal);
  }

  async #insert(query: string, asked: URLSearchParams, data: Buffer): Promise<Uint8Array> {
    const [, target = "", names = ""] =
      /^INSERT INTO (\S+) \((.*)\) FORMAT Native$/.exec(query) ?? [];
    const token = `${target} ${asked.get("insert_deduplication_token")}`;
    if (this.#seenTokens.has(token)) return new Uint8Array(0);
    const path = join(this.#spoolDir, `${++this.#files}.native`);
    await writeFile(path, data);
    try {
      const source = `file(${sqlString(path)}, 'Native')`;
      await this.#run(`INSERT INTO ${target} (${names}) SELECT ${names} FROM ${source}`);
    } finally {
      await rm(path, { force: true });
    }
    this.#seenTokens.add(token);
    return new Uint8Array(0);
  }

  #run(sql: string, parameters?: SqlParameters): Promise<Uint8Array> {
    return this.#engine.run({ sql, role: "admin", ...(parameters ? { parameters } : {}) });
  }
}

/** What one node without replicas makes of a statement for a cluster; "" when there is nothing. */
function forOneNode(query: string): string {
  if (/ENGINE = Distributed\(/.test(query)) return "";
  return query
    .replace(/ ON CLUSTER '[^']*'/, "")
    .replace(/Replicated(\w*MergeTree)\('[^']*', '[^']*'(, )?/, "$1(")
    .replace(/\b(avx\.\w+)_local\b/, "$1")
    .replace("?_local$", "?$")
    .replace(/\bcluster\('[^']*', (system\.\w+)\)/g, "$1");
}
