/** Which fields of a message were there: one that comes twice is unusual. Numbers from 0 to 31. */
export class SeenFields {
  #bits = 0;

  clear(): void {
    this.#bits = 0;
  }

  has(field: number): boolean {
    return (this.#bits & (1 << field)) !== 0;
  }

  /** Notes the field; whether it was not there before. */
  isFirst(field: number): boolean {
    const isFirst = !this.has(field);
    this.#bits |= 1 << field;
    return isFirst;
  }
}
