import { AvxError } from "@avx/model";
import type { FastifyInstance } from "fastify";
import type { ListenAddress } from "../config.ts";

/** Starts listening. A taken port is an AvxError that names the port and the option to change it. */
export async function listen(
  app: FastifyInstance,
  address: ListenAddress,
  option: string,
): Promise<ListenAddress> {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (cause) {
    if (!isCode(cause, "EADDRINUSE")) throw cause;
    throw new AvxError("port_taken", { ...address, option }, { cause });
  }
  const bound = app.addresses()[0];
  return { host: address.host, port: typeof bound === "object" ? bound.port : address.port };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
