/** A cell: a header and about 80 encoded samples. */
export const CELL_BYTES = 256;

/** Stands for "no cell". */
export const NO_CELL = -1;

/** Cells of a slab: 1 MiB, which the allocator takes from the system and gives back as a whole. */
const CELLS_PER_SLAB = 4096;
const CELL_BITS = 12;
const WORDS_PER_CELL = CELL_BYTES / 4;

/** Empty slabs kept for the next samples; a cut frees an hour or two at once. */
const MAX_SPARE_SLABS = 16;

/** Memory of many cells, seen as bytes, words and numbers. */
export interface Slab {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Int32Array<ArrayBuffer>;
  readonly floats: Float64Array<ArrayBuffer>;
  /** Cells in use. */
  used: number;
  /** Cells from this one on were never used. */
  fresh: number;
  /** The first of the cells that were given back: each names the next one. */
  firstFree: number;
}

function newSlab(): Slab {
  const buffer = new ArrayBuffer(CELLS_PER_SLAB * CELL_BYTES);
  const [bytes, words] = [new Uint8Array(buffer), new Int32Array(buffer)];
  const floats = new Float64Array(buffer);
  return { bytes, words, floats, used: 0, fresh: 0, firstFree: NO_CELL };
}

/** Where a cell begins in its slab, in bytes. */
export function positionOf(cell: number): number {
  return (cell & (CELLS_PER_SLAB - 1)) * CELL_BYTES;
}

/**
 * The memory of all samples of a head: cells of one size in a few large buffers. A typed array for
 * each series costs 200 to 300 bytes beside its samples, and growing it leaves holes in the process'
 * memory that are never given back; cells fit one another's places.
 */
export class SampleMemory {
  readonly #slabs: (Slab | undefined)[] = [];
  /** Numbers of slabs with room; cells are taken from the last one. */
  readonly #roomy: number[] = [];
  readonly #spare: Slab[] = [];
  #slabCount = 0;
  #usedCells = 0;

  /** Bytes taken from the system. */
  get bytes(): number {
    return (this.#slabCount + this.#spare.length) * CELLS_PER_SLAB * CELL_BYTES;
  }

  /** Bytes that hold samples. */
  get usedBytes(): number {
    return this.#usedCells * CELL_BYTES;
  }

  /** The slab in which a cell lies that is in use. */
  slabOf(cell: number): Slab {
    return this.#slabs[cell >> CELL_BITS]!;
  }

  /** A cell whose content is not defined. */
  take(): number {
    const number = this.#roomy.at(-1) ?? this.#addSlab();
    const slab = this.#slabs[number]!;
    const within = slab.firstFree === NO_CELL ? slab.fresh++ : slab.firstFree;
    if (within === slab.firstFree) slab.firstFree = slab.words[within * WORDS_PER_CELL]!;
    slab.used++;
    this.#usedCells++;
    if (slab.used === CELLS_PER_SLAB) this.#roomy.pop();
    return number * CELLS_PER_SLAB + within;
  }

  /** Gives a cell back that nobody reads any more. */
  give(cell: number): void {
    const number = cell >> CELL_BITS;
    const slab = this.#slabs[number]!;
    const within = cell & (CELLS_PER_SLAB - 1);
    slab.words[within * WORDS_PER_CELL] = slab.firstFree;
    slab.firstFree = within;
    if (slab.used === CELLS_PER_SLAB) this.#roomy.push(number);
    slab.used--;
    this.#usedCells--;
    // The last one with room stays: a single series that comes and goes must not cost a slab each time.
    if (slab.used === 0 && this.#roomy.length > 1) this.#retire(number, slab);
  }

  #addSlab(): number {
    const slab = this.#spare.pop() ?? newSlab();
    const free = this.#slabs.indexOf(undefined);
    const number = free < 0 ? this.#slabs.length : free;
    this.#slabs[number] = slab;
    this.#slabCount++;
    this.#roomy.push(number);
    return number;
  }

  #retire(number: number, slab: Slab): void {
    this.#slabs[number] = undefined;
    this.#slabCount--;
    this.#roomy.splice(this.#roomy.indexOf(number), 1);
    slab.fresh = 0;
    slab.firstFree = NO_CELL;
    if (this.#spare.length < MAX_SPARE_SLABS) this.#spare.push(slab);
    // Frees the slab now, not when the garbage collector comes by.
    else slab.bytes.buffer.transfer(0);
  }
}
