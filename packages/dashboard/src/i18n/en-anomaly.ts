/** English texts of what detectors saw. */
export const EN_ANOMALY = {
  "reason.jump-up": "Jumped up",
  "reason.jump-down": "Jumped down",
  "reason.burst-up": "Short burst up",
  "reason.burst-down": "Short dip",
  "reason.shift-up": "Shifted up",
  "reason.shift-down": "Shifted down",
  "reason.drift-up": "Drifting up",
  "reason.drift-down": "Drifting down",
  "reason.extreme-up": "Higher than ever",
  "reason.extreme-down": "Lower than ever",
  "reason.season-up": "High for this time of day",
  "reason.season-down": "Low for this time of day",
  "reason.variance": "Unusually unsteady",
  "reason.flat-line": "Stuck at one value",
  "reason.absent": "No samples",
  "signal.metric": "Metric",
} as const;
