/** What the parser puts in place of bytes that are no UTF-8. */
const REPLACEMENT_CHARACTER = "\uFFFD";

/** Whether a text may name a label: any UTF-8 text but the empty one. */
export function isLabelName(text: string): boolean {
  return text !== "" && !text.includes(REPLACEMENT_CHARACTER);
}
