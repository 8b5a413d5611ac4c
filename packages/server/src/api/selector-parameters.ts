import type { Matcher } from "@avx/model";
import { parseSelector } from "@avx/promql";
import { badData, invalid } from "./parameters.ts";

/** Enough for any dashboard variable; each selector costs one index look-up. */
const MAX_SELECTORS = 64;

/** All `match[]` selectors. None given: an empty list (which means "all series"). */
export function selectorParameters(parameters: URLSearchParams): readonly (readonly Matcher[])[] {
  const texts = parameters.getAll("match[]");
  if (texts.length > MAX_SELECTORS) {
    throw invalid("match[]", `more than ${MAX_SELECTORS} selectors`);
  }
  return texts.map((text) => parseSelector(text));
}

/** As `selectorParameters`, for routes that demand at least one. */
export function requiredSelectors(parameters: URLSearchParams): readonly (readonly Matcher[])[] {
  const selectors = selectorParameters(parameters);
  if (selectors.length === 0) throw badData("no match[] parameter provided");
  return selectors;
}
