import { setTimeout as sleep } from "node:timers/promises";
import { Session } from "chdb";
import { READER_SESSIONS, sessionArguments } from "./engine-config.ts";
import type { EngineStart, SessionRole, Statement } from "./engine-protocol.ts";

/** A statement that has just begun may not be known yet to the one that is to kill it. */
const KILL_ATTEMPTS = 10;
const KILL_AGAIN_MS = 100;

/** Stands before a statement, so that it is found among those that run. */
function markOf(id: number): string {
  return `/* avx-${id} */`;
}

/** A Session and the end of its queue: it must run one statement at a time. */
interface Lane {
  readonly session: Session;
  tail: Promise<unknown>;
  waiting: number;
}

/** Sessions on one data directory: one that writes, some that read, one for administration. */
export class SessionPool {
  private readonly unfinished = new Set<number>();
  private readonly cancelled = new Set<number>();
  private readonly lanes: Readonly<Record<SessionRole, readonly Lane[]>>;

  constructor({ databaseDir, configFile }: EngineStart) {
    const open = (): Lane => ({
      session: new Session(databaseDir, { connectionArgs: sessionArguments(configFile) }),
      tail: Promise.resolve(),
      waiting: 0,
    });
    this.lanes = {
      writer: [open()],
      reader: Array.from({ length: READER_SESSIONS }, open),
      admin: [open()],
    };
  }

  /** Runs a statement on the least busy Session of its role; the answer is in Native format. */
  run(id: number, { sql, role, parameters }: Statement): Promise<Uint8Array> {
    const lane = this.lanes[role].reduce((a, b) => (b.waiting < a.waiting ? b : a));
    lane.waiting++;
    const options = { format: "Native" };
    const marked = `${markOf(id)} ${sql}`;
    this.unfinished.add(id);
    const answer = lane.tail
      .then(() => {
        if (this.cancelled.has(id)) throw new Error("cancelled while it waited");
        return parameters
          ? lane.session.queryBindAsync(marked, parameters, options)
          : lane.session.queryAsync(marked, options);
      })
      .finally(() => {
        lane.waiting--;
        this.unfinished.delete(id);
        this.cancelled.delete(id);
      });
    lane.tail = answer.catch(() => undefined);
    return answer.then((result) => result.bytes());
  }

  /** Ends a statement, whether it waits or runs; does nothing when it is done. */
  async cancel(id: number): Promise<void> {
    if (!this.unfinished.has(id)) return;
    this.cancelled.add(id);
    const [admin] = this.lanes.admin;
    for (let attempt = 0; attempt < KILL_ATTEMPTS && this.unfinished.has(id); attempt++) {
      const kill = admin?.tail.then(() =>
        admin.session.queryAsync(`KILL QUERY WHERE startsWith(query, '${markOf(id)} ') ASYNC`),
      );
      if (admin && kill) admin.tail = kill.catch(() => undefined);
      await kill?.catch(() => undefined);
      await sleep(KILL_AGAIN_MS);
    }
  }

  /** Waits for what runs, then closes. */
  async close(): Promise<void> {
    const lanes = Object.values(this.lanes).flat();
    await Promise.all(lanes.map((lane) => lane.tail));
    for (const { session } of lanes) session.close();
  }
}
