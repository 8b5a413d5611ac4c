import { nodeZlib } from "../lazy-builtins.ts";

/** A flag that says whether the message is compressed, and its length in four bytes. */
const PREFIX_BYTES = 5;
/** An answer of OTLP has some bytes; one that inflates to more is not read. */
const MAX_INFLATED_BYTES = 65_536;

/** A message in gRPC's length-prefixed form. */
export function grpcFrame(message: Uint8Array, isCompressed: boolean): Uint8Array {
  const frame = new Uint8Array(PREFIX_BYTES + message.byteLength);
  frame[0] = isCompressed ? 1 : 0;
  new DataView(frame.buffer).setUint32(1, message.byteLength);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/** The first message of a body; no bytes when it is not whole, or compressed in an unknown way. */
export function firstGrpcMessage(body: Uint8Array, encoding: string | undefined): Uint8Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.byteLength < PREFIX_BYTES) return new Uint8Array(0);
  const end = PREFIX_BYTES + view.getUint32(1);
  const message = body.subarray(PREFIX_BYTES, end);
  if (end > body.byteLength) return new Uint8Array(0);
  if (body[0] === 0) return message;
  if (encoding !== "gzip") return new Uint8Array(0);
  try {
    return nodeZlib().gunzipSync(message, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch {
    return new Uint8Array(0);
  }
}
