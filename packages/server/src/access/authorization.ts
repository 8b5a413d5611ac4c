import { AvxError } from "@avx/model";

/**
 * The key in an Authorization header: behind `Bearer`, or the password of `Basic` with any user
 * (the user where there is no password, as `curl -u KEY:` sends it). Throws `unauthorized`.
 */
export function secretOf(header: string): string {
  const [, scheme = "", rest = ""] = /^(\S+)\s+(\S+)\s*$/.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return rest;
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(rest, "base64").toString("utf8");
    const colon = pair.indexOf(":");
    if (colon >= 0) return pair.slice(colon + 1) || pair.slice(0, colon);
  }
  throw new AvxError("unauthorized", { reason: "Authorization must be Bearer KEY or Basic" });
}
