import type { OtlpAnswer } from "./otlp-http-client.ts";
import type { OtlpReply } from "./otlp-reply.ts";
import { isRetryableStatus, retryAfterMs } from "./retry-policy.ts";

/**
 * What an HTTP answer means for an export.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function httpReply({ status, retryAfter, body }: OtlpAnswer, nowMs: number): OtlpReply {
  if (status >= 200 && status < 300) return { kind: "taken", body };
  return {
    kind: "refused",
    reason: `HTTP ${status}`,
    isFinal: !isRetryableStatus(status),
    retryAfterMs: retryAfterMs(retryAfter, nowMs),
  };
}
