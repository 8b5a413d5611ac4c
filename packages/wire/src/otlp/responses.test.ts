import { describe, expect, it } from "vitest";
import {
  decodeExportResponse,
  decodeRpcStatus,
  encodeExportResponse,
  encodeRpcStatus,
} from "./responses.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("OTLP responses", () => {
  it("leave partial_success unset on full success", () => {
    expect(encodeExportResponse("traces", "protobuf")).toHaveLength(0);
    expect(text(encodeExportResponse("traces", "json"))).toBe("{}");
  });

  it("name the refused items as the signal does", () => {
    const partial = { rejected: 3, message: "late" };
    expect(JSON.parse(text(encodeExportResponse("metrics", "json", partial)))).toEqual({
      partialSuccess: { rejectedDataPoints: "3", errorMessage: "late" },
    });
    expect(text(encodeExportResponse("logs", "json", partial))).toContain("rejectedLogRecords");
    // ExportTracePartialSuccess { rejected_spans = 1: 3, error_message = 2: "late" } in field 1.
    expect(hex(encodeExportResponse("traces", "protobuf", partial))).toBe("0a08080312046c617465");
  });

  it.each(["protobuf", "json"] as const)("are read back from %s", (encoding) => {
    for (const partial of [
      { rejected: 3, message: "late" },
      { rejected: 0, message: "a warning" },
      { rejected: 0, message: "" },
    ]) {
      const bytes = encodeExportResponse("logs", encoding, partial);
      expect(decodeExportResponse("logs", encoding, bytes)).toEqual(partial);
    }
    const status = { code: 3, message: "bad" };
    expect(decodeRpcStatus(encodeRpcStatus(status, encoding), encoding)).toEqual(status);
  });

  it("carry RetryInfo when asked to wait", () => {
    const status = { code: 14, message: "full", retryAfterSeconds: 2 };
    expect(JSON.parse(text(encodeRpcStatus(status, "json")))).toEqual({
      code: 14,
      message: "full",
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2s" }],
    });
    const bytes = encodeRpcStatus(status, "protobuf");
    expect(text(bytes)).toContain("google.rpc.RetryInfo");
    expect(hex(bytes)).toMatch(/12040a020802$/); // value = RetryInfo { retry_delay { seconds: 2 } }
    expect(decodeRpcStatus(bytes, "protobuf")).toEqual({ code: 14, message: "full" });
  });
});
