/** An OTLP `AnyValue` in plain form. Bytes stay bytes; 64-bit integers beyond 2^53 become bigint. */
export type AttributeValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** A Map, so that names such as `__proto__` are plain data. */
export type Attributes = ReadonlyMap<string, AttributeValue>;
