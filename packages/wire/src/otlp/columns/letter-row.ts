/** The types of the attributes of one row, as ASCII letters (see PackedRecords). */
export class LetterRow {
  bytes = new Uint8Array(256);
  length = 0;

  push(letter: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = letter;
  }
}
