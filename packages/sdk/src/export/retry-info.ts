const RETRY_INFO = "google.rpc.RetryInfo";
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** One field of a protobuf message: its number, and a number or the bytes of a text or message. */
type Field = readonly [number: number, value: number | Uint8Array];

/**
 * The pause that a server asks for in `grpc-status-details-bin`, in milliseconds: a google.rpc.Status
 * whose details hold a RetryInfo. undefined without one, and when the header cannot be read.
 */
export function retryInfoMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  for (const detail of submessages(Buffer.from(header, "base64"), 3)) {
    const [type] = submessages(detail, 1);
    if (type === undefined || !new TextDecoder().decode(type).endsWith(RETRY_INFO)) continue;
    const [info] = submessages(detail, 2);
    const [delay] = info === undefined ? [] : submessages(info, 1);
    const parts = new Map(delay === undefined ? [] : fields(delay));
    return numberOf(parts.get(1)) * 1000 + numberOf(parts.get(2)) / 1e6;
  }
  return undefined;
}

function numberOf(value: number | Uint8Array | undefined): number {
  return typeof value === "number" ? value : 0;
}

function submessages(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const [number, value] of fields(message)) {
    if (number === wanted && typeof value !== "number") found.push(value);
  }
  return found;
}

/** The fields of a message, up to the first that is damaged. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === VARINT) yield [number, varint()];
    else if (kind === BYTES) {
      const length = varint();
      if (!(at + length <= message.length)) return;
      yield [number, message.subarray(at, at + length)];
      at += length;
    } else if (kind === FIXED64) at += 8;
    else if (kind === FIXED32) at += 4;
    else return;
  }
}
