/** How one local regression smooths: samples in the window, line or constant, steps between fits. */
export interface LoessOptions {
  readonly windowSamples: number;
  readonly degree: 0 | 1;
  /** A fit at every `jump`-th sample, straight lines between. */
  readonly jump: number;
}

/** The stretch of samples and the place of one local fit; places count samples from 0. */
interface LocalFit {
  readonly place: number;
  readonly first: number;
  readonly last: number;
  readonly windowSamples: number;
  readonly degree: 0 | 1;
}

/**
 * Local regression with tricube weights on evenly spaced samples (Cleveland 1979; the Fortran of
 * `stl` in Netlib is the reference). `robustness` are further weights, one a sample.
 */
export class Loess {
  private readonly weights: Float64Array;

  /** `capacity` is the greatest number of samples that will be smoothed. */
  constructor(capacity: number) {
    this.weights = new Float64Array(capacity);
  }

  /** Smooths `values` into `smooth`, which has the same length. */
  smooth(
    values: Float64Array,
    { options, robustness }: { options: LoessOptions; robustness?: Float64Array | undefined },
    smooth: Float64Array,
  ): void {
    const count = values.length;
    if (count < 2) {
      smooth.set(values);
      return;
    }
    const jump = Math.min(options.jump, count - 1);
    let previous = 0;
    smooth[0] = this.fitAt(values, window(0, count, options), robustness) ?? values[0]!;
    while (previous < count - 1) {
      const next = Math.min(previous + jump, count - 1);
      smooth[next] = this.fitAt(values, window(next, count, options), robustness) ?? values[next]!;
      const slope = (smooth[next]! - smooth[previous]!) / (next - previous);
      for (let i = previous + 1; i < next; i++)
        smooth[i] = smooth[previous]! + slope * (i - previous);
      previous = next;
    }
  }

  /** One fit, also outside the samples; `undefined` when every weight is 0. */
  fitAt(values: Float64Array, fit: LocalFit, robustness?: Float64Array): number | undefined {
    const { place, first, last, degree } = fit;
    const weights = this.weights;
    const total = this.fillWeights(values.length, fit, robustness);
    if (!(total > 0)) return undefined;
    let scale = 1 / total;
    let tilt = 0;
    let centre = 0;
    if (degree === 1) {
      for (let i = first; i <= last; i++) centre += weights[i]! * i;
      centre *= scale;
      let spread = 0;
      for (let i = first; i <= last; i++) spread += weights[i]! * (i - centre) ** 2;
      spread *= scale;
      if (Math.sqrt(spread) > 0.001 * (values.length - 1)) tilt = (place - centre) / spread;
    }
    let sum = 0;
    for (let i = first; i <= last; i++) {
      sum += weights[i]! * (1 + tilt * (i - centre)) * values[i]!;
    }
    scale *= sum;
    return scale;
  }

  private fillWeights(
    count: number,
    { place, first, last, windowSamples }: LocalFit,
    robustness?: Float64Array,
  ): number {
    let reach = Math.max(place - first, last - place);
    if (windowSamples > count) reach += Math.floor((windowSamples - count) / 2);
    const near = 0.001 * reach;
    const far = 0.999 * reach;
    let total = 0;
    for (let i = first; i <= last; i++) {
      const distance = Math.abs(i - place);
      let weight = 0;
      if (distance <= near) weight = 1;
      else if (distance <= far) {
        const share = distance / reach;
        const tricube = 1 - share * share * share;
        weight = tricube * tricube * tricube;
      }
      if (robustness !== undefined) weight *= robustness[i]!;
      this.weights[i] = weight;
      total += weight;
    }
    return total;
  }
}

/** The `windowSamples` samples nearest to `place`, which is one of `count`. */
function window(place: number, count: number, options: LoessOptions): LocalFit {
  const { windowSamples, degree } = options;
  const length = Math.min(windowSamples, count);
  const wanted = place - Math.floor((windowSamples - 1) / 2);
  const first = Math.max(0, Math.min(wanted, count - length));
  return { place, first, last: first + length - 1, windowSamples, degree };
}
