import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Takes a message of a diagnostics channel. */
export type ChannelListener = (message: unknown) => void;

/** Listens to diagnostics channels of Node and its libraries. Gives the stop function. */
export function listenTo(listeners: Readonly<Record<string, ChannelListener>>): () => void {
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}
