import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KeyLab } from "./fixtures/key-lab.ts";

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

describe("the gate", () => {
  it("asks nobody for a key while there is none", () => {
    expect(new KeyLab().ask("admin", "")).toBe("nobody is asked");
  });

  it("asks from the first key on, and goes on when the last one is revoked", () => {
    const lab = new KeyLab();
    const { id, secret } = lab.add("admin");
    expect(lab.ask("read", "")).toBe("unauthorized");
    lab.folder.remove(id);
    lab.nowMs += 1000;
    expect(lab.ask("read", `Bearer ${secret}`)).toBe("unauthorized");
    expect(lab.ask("read", "")).toBe("unauthorized");
  });

  it.each([
    ["ingest", { ingest: true, read: false, admin: false }],
    ["read", { ingest: false, read: true, admin: false }],
    ["admin", { ingest: true, read: true, admin: true }],
  ] as const)("lets a key of the role %s do %j", (role, may) => {
    const lab = new KeyLab();
    const { secret, id } = lab.add(role);
    for (const access of ["ingest", "read", "admin"] as const) {
      expect(lab.ask(access, `Bearer ${secret}`)).toBe(may[access] ? id : "forbidden");
    }
  });

  it("takes a key as bearer, and as the password of any user", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    const forms = [`Bearer ${secret}`, `bearer  ${secret}`, basic("grafana", secret)];
    for (const form of [...forms, basic("", secret), basic(secret, "")]) {
      expect(lab.ask("read", form)).toBe(id);
    }
  });

  it.each(["Bearer", "Digest x", "Basic !", "Basic bm9jb2xvbg==", "avx_key", "Bearer a b"])(
    "refuses %j",
    (header) => {
      const lab = new KeyLab();
      lab.add("read");
      expect(lab.ask("read", header)).toBe("unauthorized");
    },
  );

  it("refuses a key from its end on", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read", lab.nowMs + 60_000);
    expect(lab.ask("read", `Bearer ${secret}`)).toBe(id);
    lab.nowMs += 60_000;
    expect(lab.ask("read", `Bearer ${secret}`)).toBe("unauthorized");
  });

  it("stores no key, only its hash, and only for the owner of the directory", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    lab.ask("read", `Bearer ${secret}`);
    expect(secret).toMatch(/^avx_[\w-]{43}$/);
    const folder = join(lab.dataDir, "keys");
    expect(readdirSync(folder).sort()).toEqual([`${id}.json`, `${id}.used`]);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      expect(readFileSync(path, "utf8")).not.toContain(secret.slice(4));
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  it("notes when a key was last used, to the minute", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    expect(lab.folder.lastUsedMs(id)).toBeUndefined();
    const firstMs = lab.nowMs;
    lab.ask("read", `Bearer ${secret}`);
    lab.nowMs += 59_000;
    lab.ask("read", `Bearer ${secret}`);
    expect(lab.folder.lastUsedMs(id)).toBe(firstMs);
    lab.nowMs += 1000;
    lab.ask("read", `Bearer ${secret}`);
    expect(lab.folder.lastUsedMs(id)).toBe(firstMs + 60_000);
  });
});

describe("wrong keys", () => {
  it("make an address wait after 20 in a minute, and no other address", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    for (let i = 0; i < 20; i++) expect(lab.ask("read", `Bearer avx_${i}`)).toBe("unauthorized");
    expect(lab.ask("read", "Bearer avx_21")).toBe("too_many_attempts");
    expect(lab.ask("read", `Bearer ${secret}`)).toBe("too_many_attempts");
    expect(lab.ask("read", `Bearer ${secret}`, "192.0.2.2")).toBe(id);
    lab.nowMs += 60_000;
    expect(lab.ask("read", `Bearer ${secret}`)).toBe(id);
  });

  it("do not stop a sender behind the same address whose key was right before", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("ingest");
    expect(lab.ask("ingest", `Bearer ${secret}`)).toBe(id);
    for (let i = 0; i < 30; i++) lab.ask("ingest", "Bearer avx_revoked");
    expect(lab.ask("ingest", `Bearer ${secret}`)).toBe(id);
  });

  it("are not what a request without a key is", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    for (let i = 0; i < 30; i++) lab.ask("read", "");
    expect(lab.ask("read", `Bearer ${secret}`)).toBe(id);
  });
});

describe("sessions", () => {
  const cookieOf = (token: string): string => `theme=dark; avx_session=${token}; other=1`;

  it("carry the role of their key and end with it", () => {
    const lab = new KeyLab();
    const { secret, id } = lab.add("read");
    const { token } = lab.gate.signIn(secret, "192.0.2.1");
    expect(lab.gate.signedIn(cookieOf(token))).toMatchObject({ keyId: id, role: "read" });
    lab.folder.remove(id);
    lab.nowMs += 1000;
    expect(lab.gate.signedIn(cookieOf(token))).toBeUndefined();
  });

  it("end after 12 hours, and when somebody signs out", () => {
    const lab = new KeyLab();
    const { secret } = lab.add("admin");
    const { token } = lab.gate.signIn(secret, "192.0.2.1");
    const other = lab.gate.signIn(secret, "192.0.2.1").token;
    lab.gate.signOut(cookieOf(other));
    expect(lab.gate.signedIn(cookieOf(other))).toBeUndefined();
    lab.nowMs += 12 * 3_600_000;
    expect(lab.gate.signedIn(cookieOf(token))).toBeUndefined();
  });

  it("are not for keys that may only send", () => {
    const lab = new KeyLab();
    const { secret } = lab.add("ingest");
    expect(() => lab.gate.signIn(secret, "192.0.2.1")).toThrow("ingest");
  });

  it("do not open with a made up token", () => {
    const lab = new KeyLab();
    lab.add("admin");
    for (const cookie of ["avx_session=", cookieOf("x".repeat(43)), "avx_session"]) {
      expect(lab.gate.signedIn(cookie)).toBeUndefined();
    }
  });
});
