/** OpenTelemetry's default limits, so that one span cannot hold unbounded memory. */
export const SPAN_LIMITS = {
  attributes: 128,
  events: 128,
  links: 128,
} as const;
