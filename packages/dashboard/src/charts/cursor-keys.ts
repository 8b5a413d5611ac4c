/** Samples that shift + arrow jumps over. */
const JUMP = 10;

/** Where a key moves a cursor at `index` (`null`: none yet) of `length` samples; `null`: nowhere. */
export function nextCursorIndex(
  key: { readonly key: string; readonly shiftKey: boolean },
  index: number | null,
  length: number,
): number | null {
  if (length === 0) return null;
  const last = length - 1;
  const step = key.shiftKey ? JUMP : 1;
  switch (key.key) {
    case "ArrowLeft":
      return index === null ? last : Math.max(0, index - step);
    case "ArrowRight":
      return index === null ? 0 : Math.min(last, index + step);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
