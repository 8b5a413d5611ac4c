import { createServer } from "node:net";
import { AvxError } from "@avx/model";
import type { FastifyInstance } from "fastify";
import type { ListenAddress } from "../config.ts";

/**
 * Fails with `port_taken` when nobody could listen there now. Asked before the store is opened, so
 * that a second start names the port, not the directory that the first one holds.
 */
export async function requireFreePort(address: ListenAddress, option: string): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host: address.host, port: address.port, exclusive: true }, resolve);
    });
    await new Promise((resolve) => probe.close(resolve));
  } catch (cause) {
    throw portError(cause, address, option);
  }
}

/** Starts listening. A taken port is an AvxError that names the port and the option to change it. */
export async function listen(
  app: FastifyInstance,
  address: ListenAddress,
  option: string,
): Promise<ListenAddress> {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (cause) {
    throw portError(cause, address, option);
  }
  const bound = app.addresses()[0];
  return { host: address.host, port: typeof bound === "object" ? bound.port : address.port };
}

function portError(cause: unknown, address: ListenAddress, option: string): unknown {
  const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  return isTaken ? new AvxError("port_taken", { ...address, option }, { cause }) : cause;
}
