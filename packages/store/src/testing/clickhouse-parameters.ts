/** What the client's text form of a parameter means: arrays are literals, texts are escaped. */
export function parameterValue(text: string): string | string[] {
  if (!text.startsWith("[")) return unescaped(text);
  const items: string[] = [];
  const item = /'((?:[^'\\]|\\.)*)'|([^,[\]]+)/gs;
  for (const [, quoted, plain] of text.matchAll(item)) {
    items.push(quoted === undefined ? (plain ?? "") : unescaped(quoted));
  }
  return items;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  "0": "\0",
};

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}

/** The values of the placeholders of a statement, as the embedded engine binds them. */
export function parametersOf(
  query: string,
  asked: URLSearchParams,
): Record<string, string | number | (string | number | bigint)[]> {
  const found: Record<string, string | number | (string | number | bigint)[]> = {};
  for (const [, name = "", type = ""] of query.matchAll(/\{(\w+):([\w()]+)\}/g)) {
    const text = asked.get(`param_${name}`);
    if (text === null) continue;
    const value = parameterValue(text);
    const isNumber = /Int|Float/.test(type);
    if (Array.isArray(value)) found[name] = isNumber ? value.map(BigInt) : value;
    // Nanoseconds since 1970 do not fit a double.
    else found[name] = isNumber && text.length < 16 ? Number(value) : value;
  }
  return found;
}
