/** Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables: table k gives the effect of a byte that lies k bytes before the end of a word pair. */
const TABLES = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let k = 1; k < 8; k++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[(k - 1) * 256 + byte]!;
      tables[k * 256 + byte] = (before >>> 8) ^ tables[before & 255]!;
    }
  }
  return tables;
}

/** CRC-32C of the bytes, eight at a time ("slicing-by-8", Kounavis and Berry 2005). */
export function crc32c(bytes: Uint8Array): number {
  const t = TABLES;
  const wholeWords = bytes.length - (bytes.length % 8);
  let crc = 0xffffffff;
  let i = 0;
  for (; i < wholeWords; i += 8) {
    crc =
      t[1792 + (bytes[i]! ^ (crc & 255))]! ^
      t[1536 + (bytes[i + 1]! ^ ((crc >>> 8) & 255))]! ^
      t[1280 + (bytes[i + 2]! ^ ((crc >>> 16) & 255))]! ^
      t[1024 + (bytes[i + 3]! ^ (crc >>> 24))]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ t[(crc ^ bytes[i]!) & 255]!;
  return (crc ^ 0xffffffff) >>> 0;
}
