import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AvxError } from "@avx/model";
import type { Engine, Insert, InsertBlock } from "./engine.ts";
import { engineConfigXml } from "./engine-config.ts";
import { engineUnavailable } from "./engine-error.ts";
import { EngineProcess } from "./engine-process.ts";
import type { EngineStart, SessionRole, SqlParameters, Statement } from "./engine-protocol.ts";
import { type NativeBlock, readNative } from "./native-reader.ts";
import { insertedBlock } from "./native-writer.ts";
import { sqlString } from "./sql-string.ts";

/** Waits between restarts: at once, then longer, so that a crash loop does not eat the machine. */
const RESTART_DELAYS_MS = [0, 250, 1_000, 2_000, 5_000, 10_000];

/** A life this long counts as healthy: the next crash restarts at once again. */
const HEALTHY_LIFE_MS = 60_000;

/** A predecessor that was just killed holds the directory for a moment. */
const OPEN_ATTEMPTS = 20;
const OPEN_RETRY_MS = 250;

/** Statements that wait or run; beyond, callers are told to come back. */
const MAX_PENDING = 256;

/** Where the engine keeps its data and where it reports. */
export interface EngineOptions {
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** Starts the engine's child process and keeps it running. */
export class SupervisedEngine implements Engine {
  private readonly options: EngineOptions;
  private readonly start: EngineStart;
  private readonly spoolDir: string;
  private current: EngineProcess | undefined;
  private starting: EngineProcess | undefined;
  /** While parked: settles when the process that was ended is gone. */
  private parked: Promise<void> | undefined;
  private waking: Promise<void> | undefined;
  private isStopping = false;
  private pending = 0;
  private spoolFiles = 0;
  restarts = 0;
  /** Starts after `park`. */
  wakes = 0;
  /** Statements so far that are no inserts. */
  questions = 0;
  /** Rows so far of all inserts. */
  insertedRows = 0;

  private constructor(options: EngineOptions) {
    this.options = options;
    this.spoolDir = join(options.dataDir, "spool");
    this.start = {
      databaseDir: join(options.dataDir, "engine"),
      configFile: join(options.dataDir, "engine.xml"),
    };
  }

  /** Resolves when the engine answers; rejects with `data_dir_unusable` when it cannot open. */
  static async open(options: EngineOptions): Promise<SupervisedEngine> {
    if (options.dataDir.includes("\\")) {
      const reason = "the engine cannot open a path with a backslash";
      throw new AvxError("data_dir_unusable", { path: options.dataDir, reason });
    }
    const engine = new SupervisedEngine(options);
    await mkdir(engine.spoolDir, { recursive: true });
    for (const name of await readdir(engine.spoolDir)) await rm(join(engine.spoolDir, name));
    await writeFile(engine.start.configFile, engineConfigXml());
    await engine.openFirst();
    return engine;
  }

  private async openFirst(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.spawn();
        return;
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const isLocked = reason.includes("Failed to create connection");
        if (isLocked && attempt < OPEN_ATTEMPTS) {
          await sleep(OPEN_RETRY_MS);
          continue;
        }
        const path = this.options.dataDir;
        throw new AvxError("data_dir_unusable", { path, reason: firstLine(reason) }, { cause });
      }
    }
  }

  private async spawn(): Promise<void> {
    const started = new EngineProcess(this.start, this.options.log);
    this.starting = started;
    try {
      await started.ready;
    } catch (error) {
      started.kill();
      await started.exited;
      throw error;
    } finally {
      this.starting = undefined;
    }
    const bornMs = this.options.nowMs();
    this.current = started;
    void started.exited.then((reason) => {
      this.current = undefined;
      if (this.isStopping || this.parked) return;
      const wasHealthy = this.options.nowMs() - bornMs >= HEALTHY_LIFE_MS;
      void this.restart(reason, wasHealthy ? 0 : this.restarts);
    });
  }

  private async restart(firstReason: string, firstAttempt: number): Promise<void> {
    let reason = firstReason;
    for (let attempt = firstAttempt; !this.isStopping; attempt++) {
      this.restarts++;
      const waitMs = RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)] ?? 0;
      this.options.log(`engine ended (${reason}); restart ${this.restarts} in ${waitMs} ms`);
      await sleep(waitMs, undefined, { ref: false });
      if (this.isStopping) return;
      try {
        await this.spawn();
        this.options.log("engine is up again");
        return;
      } catch (error) {
        reason = firstLine(String(error));
      }
    }
  }

  /**
   * Ends the process in good order; the next statement starts it again and waits for that. Does
   * nothing while statements wait or run, and while there is no process.
   */
  async park(): Promise<void> {
    if (!this.current || this.parked || this.pending > 0 || this.isStopping) return;
    this.parked = this.current.stop();
    await this.parked;
  }

  private wake(): Promise<void> {
    this.waking ??= this.startAgain().finally(() => {
      this.waking = undefined;
      this.parked = undefined;
    });
    return this.waking;
  }

  private async startAgain(): Promise<void> {
    await this.parked;
    if (this.isStopping) throw engineUnavailable("the store is closing");
    try {
      await this.spawn();
      this.wakes++;
    } catch (error) {
      const reason = firstLine(String(error));
      if (!this.isStopping) void this.restart(reason, 0);
      throw engineUnavailable(`the engine does not start: ${reason}`);
    }
  }

  async whileRunning<T>(work: () => Promise<T>): Promise<T> {
    this.pending++;
    try {
      return await work();
    } finally {
      this.pending--;
    }
  }

  /** Parked counts as up: whoever asks gets an answer. */
  get isUp(): boolean {
    return this.current !== undefined || this.isParked;
  }

  get isParked(): boolean {
    return this.parked !== undefined;
  }

  get pid(): number {
    return this.current?.pid ?? 0;
  }

  private async run(statement: Statement, signal?: AbortSignal): Promise<Uint8Array> {
    if (!this.isUp) throw engineUnavailable("the engine restarts");
    if (this.pending >= MAX_PENDING) {
      throw new AvxError("overloaded", { what: "the engine's queue", retryAfterSeconds: 1 });
    }
    if (statement.role !== "writer") this.questions++;
    return this.whileRunning(async () => {
      if (this.parked) await this.wake();
      if (!this.current) throw engineUnavailable("the engine restarts");
      return this.current.run(statement, signal);
    });
  }

  async query(
    sql: string,
    parameters?: SqlParameters,
    signal?: AbortSignal,
  ): Promise<NativeBlock[]> {
    return readNative(await this.run(statementOf(sql, "reader", parameters), signal));
  }

  async queryBulk(
    sql: string,
    parameters?: SqlParameters,
    signal?: AbortSignal,
  ): Promise<NativeBlock[]> {
    const path = join(this.spoolDir, `${++this.spoolFiles}.answer`);
    try {
      const toFile = `${sql} INTO OUTFILE ${sqlString(path)} FORMAT Native`;
      await this.run(statementOf(toFile, "reader", parameters), signal);
      return readNative(await readFile(path));
    } catch (error) {
      // A full disk must not end reading: the answer then comes the slower way.
      const isFull = error instanceof AvxError && error.code === "storage_full";
      if (isFull) return this.query(sql, parameters, signal);
      throw error;
    } finally {
      await rm(path, { force: true });
    }
  }

  async command(sql: string, parameters?: SqlParameters): Promise<void> {
    await this.run(statementOf(sql, "admin", parameters));
  }

  async insert({ table, blocks, token }: Insert): Promise<void> {
    const path = join(this.spoolDir, `${++this.spoolFiles}.native`);
    try {
      const { names, rows } = await writeBlocks(path, blocks);
      this.insertedRows += rows;
      const sql =
        `INSERT INTO ${table} (${names}) SELECT ${names} FROM file({path:String}, 'Native') ` +
        "SETTINGS insert_deduplication_token = {token:String}";
      await this.run(statementOf(sql, "writer", { path, token }));
    } catch (error) {
      throw isDiskFull(error)
        ? new AvxError("storage_full", { reason: "no space for new blocks" }, { cause: error })
        : error;
    } finally {
      await rm(path, { force: true });
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.starting?.kill();
    await this.starting?.exited;
    await (this.parked ?? this.current?.stop());
    this.current = undefined;
  }
}

function statementOf(sql: string, role: SessionRole, parameters?: SqlParameters): Statement {
  return parameters ? { sql, role, parameters } : { sql, role };
}

interface Written {
  /** Of the columns, as SQL. */
  readonly names: string;
  readonly rows: number;
}

async function writeBlocks(path: string, blocks: Iterable<InsertBlock>): Promise<Written> {
  const file = await open(path, "w");
  let names = "";
  let written = 0;
  try {
    for (const block of blocks) {
      const inserted = insertedBlock(block);
      names = inserted.names;
      written += block.rows;
      for (const part of inserted.parts) await file.writeFile(part);
    }
  } finally {
    await file.close();
  }
  return { names, rows: written };
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
