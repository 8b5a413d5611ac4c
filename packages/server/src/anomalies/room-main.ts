import { parentPort } from "node:worker_threads";
import { createLocalRoom } from "./local-room.ts";
import { buffersOf, type JudgedColumns, type RoomCall, type RoomReply } from "./watch-messages.ts";

/** The thread of the watches: takes calls one after another, answers each. */
const room = createLocalRoom();
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", ({ number, call }: { number: number; call: RoomCall }) => {
  const run = async (): Promise<void> => {
    try {
      const value = await answer(call);
      // Proof of the `as`: that is what a room judges to.
      const transfer = call.call === "judge" ? buffersOf(value as JudgedColumns) : [];
      reply({ number, value }, transfer);
    } catch (error) {
      reply({ number, error: String(error) }, []);
    }
  };
  // Saving takes long and is done in pieces: what is judged meanwhile does not wait for it.
  if (call.call === "save") void last.then(run);
  else last = last.then(run);
});

function reply(message: RoomReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

function answer(call: RoomCall): unknown {
  switch (call.call) {
    case "judge":
      return room.judge(call.added, call.samples);
    case "learn":
      return room.learn(call.added, call.samples);
    case "silence":
      return room.silence(call.ids, call.nowMs);
    case "threshold":
      return room.setThreshold(call.id, call.threshold);
    case "save":
      return room.save(call.path, call.savedMs);
    case "restore":
      return room.restore(call.path, call.most);
  }
}
