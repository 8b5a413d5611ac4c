/** Whether a text may name a label: any text but the empty one, if it is valid UTF-8. */
export function isLabelName(text: string): boolean {
  return text !== "" && text.isWellFormed();
}
