import { AvxError } from "@avx/model";

/** What went wrong where; `format` names the message for the caller ("OTLP metrics", ...). */
export interface Malformation {
  readonly format: string;
  readonly reason: string;
  /** Byte (or character) offset in the decoded body. */
  readonly offset: number;
}

/** The one error of every decoder of this package: `malformed_payload` with the offset. */
export function malformed({ format, reason, offset }: Malformation): AvxError {
  return new AvxError("malformed_payload", {
    format,
    reason: `${reason} at byte ${offset}`,
    offset,
  });
}
