import type { Engine, Insert } from "../engine/engine.ts";
import type { SqlParameters } from "../engine/engine-protocol.ts";
import type { NativeBlock } from "../engine/native-reader.ts";
import {
  type ClusterNames,
  clusterCommands,
  clusterStatement,
  clusterTable,
} from "./cluster-sql.ts";

/** Lets what was written for the embedded engine run on the tables of a cluster. */
export class ClusterEngine implements Engine {
  readonly #http: Engine;
  readonly #names: ClusterNames;

  constructor(http: Engine, names: ClusterNames) {
    this.#http = http;
    this.#names = names;
  }

  query(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<NativeBlock[]> {
    return this.#http.query(clusterStatement(sql, this.#names), parameters, signal);
  }

  queryBulk(sql: string, parameters?: SqlParameters, signal?: AbortSignal): Promise<NativeBlock[]> {
    return this.#http.queryBulk(clusterStatement(sql, this.#names), parameters, signal);
  }

  async command(sql: string, parameters?: SqlParameters): Promise<void> {
    for (const command of clusterCommands(sql, this.#names)) {
      await this.#http.command(command, parameters);
    }
  }

  insert(insert: Insert): Promise<void> {
    return this.#http.insert({ ...insert, table: clusterTable(insert.table, this.#names) });
  }

  get isUp(): boolean {
    return this.#http.isUp;
  }

  get restarts(): number {
    return this.#http.restarts;
  }

  get pid(): number {
    return this.#http.pid;
  }

  stop(): Promise<void> {
    return this.#http.stop();
  }
}
