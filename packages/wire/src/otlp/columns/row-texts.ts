import type { ByteRange } from "./byte-range.ts";
import type { ChoiceColumn } from "./choice-column.ts";
import type { LetterRow } from "./letter-row.ts";
import type { TextColumn } from "./text-column.ts";

/** Where a text of each row lies while the row is read, and the column that it goes to. */
interface Source<Column> {
  readonly range: ByteRange;
  readonly column: Column;
}

/** The texts of a row that may turn out not to be UTF-8, and the letters of its attributes. */
export interface RowTextSources {
  readonly choice: Source<ChoiceColumn>;
  readonly first: Source<TextColumn>;
  readonly second: Source<TextColumn>;
  readonly letterRow: LetterRow;
  readonly letters: ChoiceColumn;
}

/** Adds these texts of one row after the other, all of a row or none. */
export class RowTexts {
  readonly #sources: RowTextSources;

  constructor(sources: RowTextSources) {
    this.#sources = sources;
  }

  /** False, and no row has grown, when a text is not UTF-8 or cannot be found fast. */
  add(bytes: Uint8Array): boolean {
    const { choice, first, second, letterRow, letters } = this.#sources;
    const text = choice.column.find(bytes, choice.range.start, choice.range.end);
    if (text < 0) return false;
    const types = letters.find(letterRow.bytes, 0, letterRow.length);
    if (types < 0) return false;
    const before = first.column.length;
    if (!first.column.add(bytes, first.range.start, first.range.end)) return false;
    if (!second.column.add(bytes, second.range.start, second.range.end)) {
      first.column.length = before;
      return false;
    }
    pushAndGuess(choice.column, text);
    pushAndGuess(letters, types);
    return true;
  }
}

/** What one row has the next may well have too. */
function pushAndGuess(column: ChoiceColumn, choice: number): void {
  column.push(choice);
  column.guess = choice;
}
