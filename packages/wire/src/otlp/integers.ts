/** An int64 as number where that is exact, else as bigint (the rule of `AttributeValue`). */
export function shrinkInteger(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
