/** Two counts and padding: the columns behind it stay aligned to 8 bytes. */
const HEADER_BYTES = 16;

/** The columns of a metric record, as views into its bytes. */
export interface RecordColumns {
  /** Time of the first sample of each run. */
  readonly firstMs: Float64Array;
  readonly values: Float64Array;
  /** Series of each run. */
  readonly ids: Uint32Array;
  /** Samples of each run. */
  readonly counts: Uint32Array;
  /** Time of each sample after the first of its run. */
  readonly offsets: Uint32Array;
}

/** Where in a metric record what lies: header, columns of 8 bytes, columns of 4 bytes, the rest. */
export class RecordLayout {
  readonly runs: number;
  readonly samples: number;
  readonly restOffset: number;
  readonly bytes: number;

  constructor(runs: number, samples: number, restBytes: number) {
    this.runs = runs;
    this.samples = samples;
    this.restOffset = HEADER_BYTES + 12 * samples + 16 * runs;
    this.bytes = this.restOffset + restBytes;
  }

  static readHeader(record: ArrayBuffer): RecordLayout {
    const [runs = 0, samples = 0] = new Uint32Array(record, 0, 2);
    const withoutRest = new RecordLayout(runs, samples, 0);
    return new RecordLayout(runs, samples, record.byteLength - withoutRest.restOffset);
  }

  writeHeader(record: ArrayBuffer): void {
    new Uint32Array(record, 0, 4).set([this.runs, this.samples, 0, 0]);
  }

  columns(record: ArrayBuffer): RecordColumns {
    const { runs, samples } = this;
    const values = HEADER_BYTES + 8 * runs;
    const ids = values + 8 * samples;
    return {
      firstMs: new Float64Array(record, HEADER_BYTES, runs),
      values: new Float64Array(record, values, samples),
      ids: new Uint32Array(record, ids, runs),
      counts: new Uint32Array(record, ids + 4 * runs, runs),
      offsets: new Uint32Array(record, ids + 8 * runs, samples),
    };
  }
}
