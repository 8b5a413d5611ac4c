/** What the groups of a match hold; "" for a group that does not exist or took no part. */
export interface MatchGroups {
  byNumber(index: number): string;
  byName(name: string): string;
}

/** Go stops reading a group number here; such a group cannot exist. */
const MAX_GROUP_NUMBER = 100_000_000;

/** `name` or `{name}` after a dollar sign; the name is as long as possible, so `$1x` is `${1x}`. */
const REFERENCE = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u;

/**
 * Fills in a replacement template as Go's `regexp.Expand` does: `$1`, `${1}`, `$name`, `${name}`
 * stand for groups, `$$` for a dollar sign, and a dollar sign before anything else for itself.
 */
export function expandTemplate(template: string, groups: MatchGroups): string {
  let expanded = "";
  let rest = template;
  for (let dollar = rest.indexOf("$"); dollar >= 0; dollar = rest.indexOf("$")) {
    expanded += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    const reference = REFERENCE.exec(rest);
    if (rest.startsWith("$")) {
      expanded += "$";
      rest = rest.slice(1);
    } else if (reference === null) {
      expanded += "$";
    } else {
      expanded += groupText(reference[1] ?? reference[2] ?? "", groups);
      rest = rest.slice(reference[0].length);
    }
  }
  return expanded + rest;
}

function groupText(name: string, groups: MatchGroups): string {
  // A leading zero makes a name, not a number: `$01` is not group 1.
  const isNumber = /^(?:0|[1-9][0-9]*)$/.test(name) && Number(name) < MAX_GROUP_NUMBER;
  return isNumber ? groups.byNumber(Number(name)) : groups.byName(name);
}
