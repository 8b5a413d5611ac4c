import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
} from "@opentelemetry/api";

/** Limits of https://www.w3.org/TR/baggage/#limits: beyond them entries are left out. */
const MAX_ENTRIES = 64;
const MAX_LENGTH = 8192;
/** A token of RFC 7230. */
const KEY = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** What a value may hold: no spaces, quotes, commas, semicolons or backslashes. */
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/** Reads a `baggage` header; entries that are invalid or too many are left out. */
export function parseBaggage(header: string | undefined): Baggage | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  const entries = new Map<string, BaggageEntry>();
  for (const member of header.split(",", MAX_ENTRIES)) {
    const [pair = "", ...properties] = member.split(";");
    const equals = pair.indexOf("=");
    const key = pair.slice(0, equals).trim();
    const value = decoded(pair.slice(equals + 1).trim());
    if (equals < 1 || !KEY.test(key) || value === undefined) continue;
    const metadata = properties.map((property) => property.trim()).join(";");
    const entry =
      metadata === "" ? { value } : { value, metadata: baggageEntryMetadataFromString(metadata) };
    entries.set(key, entry);
  }
  return entries.size === 0 ? undefined : propagation.createBaggage(Object.fromEntries(entries));
}

/** Writes a `baggage` header; "" when there is nothing to write. */
export function formatBaggage(baggage: Baggage): string {
  let text = "";
  let count = 0;
  for (const [key, { value, metadata }] of baggage.getAllEntries()) {
    if (!KEY.test(key)) continue;
    const properties = metadata === undefined ? "" : `;${metadata.toString()}`;
    const member = `${key}=${encodeURIComponent(value)}${properties}`;
    const longer = text === "" ? member : `${text},${member}`;
    if (longer.length > MAX_LENGTH || ++count > MAX_ENTRIES) break;
    text = longer;
  }
  return text;
}

function decoded(value: string): string | undefined {
  if (!VALUE.test(value)) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
