import { badData } from "./parameters.ts";

/** As in the ingest limits: no stored label name is longer. */
const MAX_LABEL_NAME_CHARACTERS = 1024;

/**
 * The label name of a `/label/NAME/values` path. Names that are not plain may be written with
 * Prometheus' `U__` escaping: `U__http_2e_method` is `http.method`, `__` is one underscore. What is
 * not well escaped is a name as it stands, as in Prometheus.
 */
export function labelNameFromPath(segment: string): string {
  const unescaped = segment.startsWith("U__") ? unescapeName(segment.slice(3)) : undefined;
  const name = unescaped ?? segment;
  if (name === "" || name.length > MAX_LABEL_NAME_CHARACTERS) {
    throw badData(`invalid label name: "${segment}"`);
  }
  return name;
}

function unescapeName(escaped: string): string | undefined {
  let name = "";
  let i = 0;
  while (i < escaped.length) {
    if (escaped[i] !== "_") {
      name += escaped[i++];
      continue;
    }
    const code = /^_(?:_|([0-9a-fA-F]{1,6})_)/.exec(escaped.slice(i, i + 9));
    if (code === null) return undefined;
    const point = code[1] === undefined ? 0x5f : Number.parseInt(code[1], 16);
    if (point > 0x10ffff) return undefined;
    name += String.fromCodePoint(point);
    i += code[0].length;
  }
  return name;
}
