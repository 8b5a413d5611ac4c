import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file to answer with. */
export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
}

/** The built file at `pathname`, or for the path of a page the document itself. */
export function pageFile(distDirectory: string, pathname: string): PageFile {
  const wanted = join(distDirectory, normalize(pathname));
  const isFile = wanted.startsWith(distDirectory) && extname(wanted) in TYPES && existsSync(wanted);
  const path = isFile ? wanted : join(distDirectory, "index.html");
  return { body: readFileSync(path), type: TYPES[extname(path)] ?? "application/octet-stream" };
}
