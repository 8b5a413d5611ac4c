import { Session } from "chdb";
import { READER_SESSIONS, sessionArguments } from "./engine-config.ts";
import type { EngineStart, SessionRole, Statement } from "./engine-protocol.ts";

/** A Session and the end of its queue: it must run one statement at a time. */
interface Lane {
  readonly session: Session;
  tail: Promise<unknown>;
  waiting: number;
}

/** Sessions on one data directory: one that writes, some that read, one for administration. */
export class SessionPool {
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
  run({ sql, role, parameters }: Statement): Promise<Uint8Array> {
    const lane = this.lanes[role].reduce((a, b) => (b.waiting < a.waiting ? b : a));
    lane.waiting++;
    const options = { format: "Native" };
    const answer = lane.tail
      .then(() =>
        parameters
          ? lane.session.queryBindAsync(sql, parameters, options)
          : lane.session.queryAsync(sql, options),
      )
      .finally(() => lane.waiting--);
    lane.tail = answer.catch(() => undefined);
    return answer.then((result) => result.bytes());
  }

  /** Waits for what runs, then closes. */
  async close(): Promise<void> {
    const lanes = Object.values(this.lanes).flat();
    await Promise.all(lanes.map((lane) => lane.tail));
    for (const { session } of lanes) session.close();
  }
}
