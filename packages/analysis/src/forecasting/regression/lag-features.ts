/** Which past values explain the change from the anchor, `w_t = y_t - y_(t-anchor)`. */
export interface LagDesign {
  readonly anchor: number;
  /** Lags of w. */
  readonly changes: readonly number[];
  /** Lags l whose level enters as `y_(t-l) - y_(t-anchor)`. */
  readonly levels: readonly number[];
  /** Seasons whose mean profile enters as `profile - y_(t-anchor)`; 1 stands for the mean. */
  readonly profiles: readonly number[];
}

/** The oldest sample that a row of the design needs. */
export function designReach(design: LagDesign): number {
  return Math.max(design.anchor, ...design.levels, ...design.changes.map((l) => l + design.anchor));
}

/** Computes rows of the design over a history that grows by forecasts. */
export class LagFeatures {
  readonly size: number;
  readonly reach: number;
  private readonly design: LagDesign;
  private readonly history: Float64Array;
  private readonly sums: readonly Float64Array[];
  private readonly counts: readonly Float64Array[];

  /** `history` holds `trained` samples, and room for forecasts after them. */
  constructor(design: LagDesign, history: Float64Array, trained: number) {
    this.design = design;
    this.history = history;
    this.reach = designReach(design);
    this.size = design.changes.length + design.levels.length + design.profiles.length;
    this.sums = design.profiles.map((season) => new Float64Array(season));
    this.counts = design.profiles.map((season) => new Float64Array(season));
    for (const [p, season] of design.profiles.entries()) {
      for (let i = 0; i < trained; i++) {
        this.sums[p]![i % season]! += history[i]!;
        this.counts[p]![i % season]!++;
      }
    }
  }

  /** Fills one row; while training, the sample itself is kept out of its own profile. */
  fill(row: Float64Array, t: number, isTraining: boolean): void {
    const { history } = this;
    const { anchor, changes, levels, profiles } = this.design;
    const base = history[t - anchor]!;
    let at = 0;
    for (let k = 0; k < changes.length; k++) {
      const place = t - changes[k]!;
      row[at++] = history[place]! - history[place - anchor]!;
    }
    for (let k = 0; k < levels.length; k++) row[at++] = history[t - levels[k]!]! - base;
    const own = isTraining ? history[t]! : 0;
    const left = isTraining ? 1 : 0;
    for (let p = 0; p < profiles.length; p++) {
      const phase = t % profiles[p]!;
      const count = this.counts[p]![phase]! - left;
      row[at++] = count > 0 ? (this.sums[p]![phase]! - own) / count - base : 0;
    }
  }
}
