import { describe, expect, it } from "vitest";
import { AvxError } from "./avx-error.ts";

describe("AvxError", () => {
  it("derives its message and status from the code and the facts", () => {
    const error = new AvxError("body_too_large", { limitBytes: 10, stage: "inflated" });
    expect(error.message).toBe("the body has more than 10 bytes inflated");
    expect(error.status).toBe(413);
  });

  it("keeps the cause", () => {
    const cause = new Error("disk");
    expect(new AvxError("store_unavailable", { reason: "x" }, { cause }).cause).toBe(cause);
  });

  it("does not read inherited facts", () => {
    expect(new AvxError("not_found", {}).message).toBe("{what} not found");
  });
});
