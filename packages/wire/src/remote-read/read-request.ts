import { AvxError, type Matcher, type TimeRange } from "@avx/model";
import { ProtoReader } from "../protobuf/reader.ts";

/** One question of a `prometheus.ReadRequest`. */
export interface ReadQuery {
  readonly range: TimeRange;
  readonly matchers: readonly Matcher[];
}

/** What a remote-read client asks, and which forms of an answer it takes, the best first. */
export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  readonly accepted: readonly ("samples" | "chunks")[];
}

/** A rule group asks a few at once; each is a read of its own. */
const MAX_QUERIES = 64;
/** As many as a selector of the query language may have. */
const MAX_MATCHERS = 100;
const OPERATORS: readonly Matcher["op"][] = ["=", "!=", "=~", "!~"];

/** Decodes an uncompressed `prometheus.ReadRequest`. Throws `malformed_payload`. */
export function decodeReadRequest(bytes: Uint8Array): ReadRequest {
  const reader = new ProtoReader(bytes, "a read request");
  const queries: ReadQuery[] = [];
  const accepted: ("samples" | "chunks")[] = [];
  const accept = (type: number): void => {
    if (type === 0) accepted.push("samples");
    else if (type === 1) accepted.push("chunks");
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) {
      if (queries.length === MAX_QUERIES) throw tooMany("queries", MAX_QUERIES);
      queries.push(readQuery(reader));
    } else if (tag === 0x10) accept(reader.int32());
    else if (tag === 0x12) {
      const outer = reader.enter();
      while (reader.position < reader.end) accept(reader.int32());
      reader.leave(outer);
    } else reader.skip(tag);
  }
  return { queries, accepted };
}

function readQuery(reader: ProtoReader): ReadQuery {
  const outer = reader.enter();
  const matchers: Matcher[] = [];
  let startMs = 0;
  let endMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) startMs = reader.int64AsNumber();
    else if (tag === 0x10) endMs = reader.int64AsNumber();
    else if (tag === 0x1a) {
      if (matchers.length === MAX_MATCHERS) throw tooMany("matchers", MAX_MATCHERS);
      matchers.push(readMatcher(reader));
    } else reader.skip(tag);
  }
  reader.leave(outer);
  return { range: { startMs, endMs }, matchers };
}

function readMatcher(reader: ProtoReader): Matcher {
  const outer = reader.enter();
  let op: Matcher["op"] | undefined = "=";
  let name = "";
  let value = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) op = OPERATORS[reader.int32()];
    else if (tag === 0x12) name = reader.string();
    else if (tag === 0x1a) value = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (op === undefined) throw reader.fault("a matcher of an unknown type");
  return { name, op, value };
}

function tooMany(what: string, limit: number): AvxError {
  const reason = `more than ${limit} ${what}`;
  return new AvxError("malformed_payload", { format: "a read request", reason });
}
