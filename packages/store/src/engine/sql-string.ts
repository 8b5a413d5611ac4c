/**
 * A string as an SQL literal, for the one place where the engine takes no parameter: names of files
 * that we choose. Values of callers never come here, they are bound as parameters.
 */
export function sqlString(text: string): string {
  return `'${text.replace(/[\\']/g, (special) => `\\${special}`)}'`;
}
