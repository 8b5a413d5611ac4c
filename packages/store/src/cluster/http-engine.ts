import { Readable } from "node:stream";
import { AvxError } from "@avx/model";
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from "@clickhouse/client";
import type { Engine, Insert, InsertBlock } from "../engine/engine.ts";
import { MAX_EXECUTION_SECONDS } from "../engine/engine-config.ts";
import { engineError, engineUnavailable } from "../engine/engine-error.ts";
import type { SqlParameters } from "../engine/engine-protocol.ts";
import { type NativeBlock, readNative } from "../engine/native-reader.ts";
import { insertedBlock } from "../engine/native-writer.ts";
import type { ClusterConnection } from "./cluster-options.ts";

/** A little longer than the cluster itself allows a statement, so that it says what was wrong. */
const REQUEST_TIMEOUT_MS = (MAX_EXECUTION_SECONDS + 5) * 1000;

/** Connections to the cluster; statements beyond wait for one. */
const MAX_CONNECTIONS = 16;

/** Memory of one statement on one node; unlimited by default in ClickHouse. */
const MAX_STATEMENT_BYTES = 2 * 1024 ** 3;

/** DDL waits for all nodes of the cluster, as long as a statement may run. */
const DDL_SECONDS = MAX_EXECUTION_SECONDS;

/** Waits before a statement that found nobody is sent again. */
const RETRY_DELAYS_MS = [200, 1000];

/** A ClickHouse cluster over HTTP(S), by the official client. */
export class HttpEngine implements Engine {
  readonly #client: ClickHouseClient;
  #isUp = true;
  /** Always 0: the cluster is not ours to start. */
  readonly restarts = 0;
  readonly pid = 0;

  private constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  /** Resolves when the cluster answers; rejects with `store_unavailable` when it does not. */
  static async open({ url, ca }: Pick<ClusterConnection, "url" | "ca">): Promise<HttpEngine> {
    const client = createClient({
      url,
      request_timeout: REQUEST_TIMEOUT_MS,
      max_open_connections: MAX_CONNECTIONS,
      application: "avx-telemetry",
      // Every failure is thrown here and told by whoever asked.
      log: { level: ClickHouseLogLevel.OFF },
      ...(ca === undefined ? {} : { tls: { ca_cert: Buffer.from(ca) } }),
      clickhouse_settings: {
        max_execution_time: MAX_EXECUTION_SECONDS,
        max_memory_usage: String(MAX_STATEMENT_BYTES),
        // A row counts as stored when the shard that it belongs to has it.
        distributed_foreground_insert: 1,
        // A subquery on a distributed table is asked once for all shards.
        distributed_product_mode: "global",
        distributed_ddl_task_timeout: String(DDL_SECONDS),
        cancel_http_readonly_queries_on_client_close: 1,
        // An answer that fails half-way must be an error, not a short answer.
        wait_end_of_query: 1,
      },
    });
    const engine = new HttpEngine(client);
    await engine.query("SELECT 1");
    return engine;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  query(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<NativeBlock[]> {
    return this.queryBulk(sql, parameters, signal);
  }

  async queryBulk(
    sql: string,
    parameters?: SqlParameters,
    signal?: AbortSignal,
  ): Promise<NativeBlock[]> {
    return readNative(await this.#send({ query: `${sql} FORMAT Native`, parameters, signal }));
  }

  async command(sql: string, parameters?: SqlParameters): Promise<void> {
    await this.#send({ query: sql, parameters });
  }

  /**
   * Many servers insert small batches: the cluster collects them, and answers when they are stored.
   * The token makes a repeat after a lost answer do nothing.
   */
  async insert({ table, blocks, token }: Insert): Promise<void> {
    const { names, parts } = encoded(blocks);
    if (parts.length === 0) return;
    await this.#send({
      query: `INSERT INTO ${table} (${names}) FORMAT Native`,
      body: () => Readable.from(parts, { objectMode: false }),
      settings: {
        async_insert: 1,
        wait_for_async_insert: 1,
        async_insert_deduplicate: 1,
        insert_deduplication_token: token,
      },
    });
  }

  async stop(): Promise<void> {
    await this.#client.close();
  }

  async #send(statement: Sent): Promise<Buffer> {
    for (let attempt = 0; ; attempt++) {
      statement.signal?.throwIfAborted();
      try {
        const answer = await this.#once(statement);
        this.#isUp = true;
        return answer;
      } catch (error) {
        statement.signal?.throwIfAborted();
        if (error instanceof ClickHouseError) throw engineError(error.message, Number(error.code));
        if (error instanceof AvxError) throw error;
        this.#isUp = false;
        const waitMs = RETRY_DELAYS_MS[attempt];
        if (waitMs === undefined) {
          const reason = `the cluster does not answer: ${messageOf(error)}`;
          throw Object.assign(engineUnavailable(reason), { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  async #once({ query, parameters, body, settings, signal }: Sent): Promise<Buffer> {
    const common = {
      query,
      // The cluster ends a statement whose connection is gone.
      ...(signal && { abort_signal: signal }),
      ...(parameters && { query_params: parameters }),
      ...(settings && { clickhouse_settings: settings }),
    };
    const { stream } = await this.#client.exec(body ? { ...common, values: body() } : common);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

interface Sent {
  readonly query: string;
  readonly parameters?: SqlParameters | undefined;
  /** Makes the body anew for each attempt. */
  readonly body?: () => Readable;
  readonly settings?: Readonly<Record<string, string | 0 | 1>>;
  readonly signal?: AbortSignal | undefined;
}

function encoded(blocks: Iterable<InsertBlock>): { names: string; parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  let names = "";
  for (const block of blocks) {
    const inserted = insertedBlock(block);
    names = inserted.names;
    parts.push(...inserted.parts);
  }
  return { names, parts };
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split("\n", 1)[0] ?? "";
}
