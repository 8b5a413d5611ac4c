import { describe, expect, it } from "vitest";
import { formatTraceparent, parseTraceparent } from "./traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("parseTraceparent, by https://www.w3.org/TR/trace-context/#traceparent-header", () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, 1, "the specification's own example"],
    [`00-${TRACE}-${SPAN}-00`, 0, "not sampled"],
    [`00-${TRACE}-${SPAN}-03`, 3, "sampled and random (level 2)"],
    [`00-${TRACE}-${SPAN}-ff`, 3, "unknown flags are ignored"],
    [`cc-${TRACE}-${SPAN}-01`, 1, "a future version of the same length"],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-brings`, 1, "a future version with more fields"],
  ])("reads %s with flags %d: %s", (header, traceFlags) => {
    expect(parseTraceparent(header)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      traceFlags,
      isRemote: true,
    });
  });

  it.each<[string | undefined, string]>([
    [undefined, "absent"],
    ["", "empty"],
    [`ff-${TRACE}-${SPAN}-01`, "version ff is forbidden"],
    [`00-${"0".repeat(32)}-${SPAN}-01`, "all-zero trace id"],
    [`00-${TRACE}-${"0".repeat(16)}-01`, "all-zero parent id"],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`, "upper case"],
    [`00-${TRACE}-${SPAN}-01-more`, "version 00 has no more fields"],
    [`00-${TRACE}-${SPAN}-01.`, "version 00 with a trailing character"],
    [`cc-${TRACE}-${SPAN}-01.what`, "a future version goes on with a dash"],
    [`00-${TRACE}-${SPAN}`, "no flags"],
    [`00-${TRACE}-${SPAN}-1`, "one digit of flags"],
    [`0-${TRACE}-${SPAN}-01`, "one digit of version"],
    [`00-${TRACE.slice(1)}-${SPAN}-011`, "short trace id"],
    [`00-${TRACE.slice(0, 31)}.-${SPAN}-01`, "not hex"],
    [`00_${TRACE}_${SPAN}_01`, "other separators"],
    [`.0-${TRACE}-${SPAN}-01`, "version not hex"],
    [`00-${TRACE}-${SPAN}-.0`, "flags not hex"],
    [`00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`, "sent twice, joined by the HTTP parser"],
  ])("starts a new trace for %s: %s", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it("writes what it reads", () => {
    const header = `00-${TRACE}-${SPAN}-01`;
    const span = parseTraceparent(header);
    expect(span && formatTraceparent(span)).toBe(header);
  });
});
