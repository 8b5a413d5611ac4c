import { labelsKey } from "@avx/model";
import { parseEval } from "./parse-eval.ts";
import type { LoadCommand, ScriptCommand, SeriesLine } from "./script.ts";
import { scriptDurationMs, scriptError } from "./script-error.ts";
import { blockLines, type ScriptLines } from "./script-lines.ts";
import { parseSeriesLine } from "./series-notation.ts";
import { isStartLine, parseStartLine, type StartLine } from "./start-notation.ts";

/**
 * Reads a script of Prometheus' test language (promql/promqltest/README.md): `load`, `clear` and
 * `eval` commands. Throws AvxError `malformed_payload` with the line of the first fault.
 */
export function parseScript(text: string): readonly ScriptCommand[] {
  const script: ScriptLines = {
    lines: text.split("\n").map((line) => (line.trim().startsWith("#") ? "" : line.trim())),
    at: 0,
  };
  const commands: ScriptCommand[] = [];
  while (script.at < script.lines.length) {
    const number = script.at + 1;
    const line = script.lines[script.at]!;
    script.at++;
    if (line === "") continue;
    commands.push(parseCommand(line, number, script));
  }
  return commands;
}

function parseCommand(line: string, number: number, script: ScriptLines): ScriptCommand {
  const word = /^\S+/.exec(line)?.[0].toLowerCase() ?? "";
  try {
    if (word === "clear") return { kind: "clear" };
    if (word.startsWith("load")) return parseLoad(line, number, script);
    if (word.startsWith("eval")) return parseEval(line, number, script);
  } catch (cause) {
    if (cause instanceof Error && !cause.message.includes("line ")) {
      throw scriptError(cause.message, script.at);
    }
    throw cause;
  }
  throw scriptError(`invalid command ${line}`, number);
}

function parseLoad(line: string, number: number, script: ScriptLines): LoadCommand {
  const head = /^load(_with_nhcb)?\s+(\S+)$/i.exec(line);
  if (!head) throw scriptError("a load reads: load[_with_nhcb] <step>", number);
  const series = new Map<string, SeriesLine>();
  let starts: StartLine | undefined;
  for (const text of blockLines(script)) {
    if (isStartLine(text)) {
      if (starts) throw scriptError("@st line has no following sample line");
      starts = parseStartLine(text);
      continue;
    }
    const one = withStarts(parseSeriesLine(text), starts);
    starts = undefined;
    // Of a series that is given twice, the last line counts.
    series.set(labelsKey(one.labels), one);
  }
  if (starts) throw scriptError("@st line has no following sample line");
  return {
    kind: "load",
    line: number,
    stepMs: scriptDurationMs(head[2] ?? ""),
    withNhcb: head[1] !== undefined,
    series: [...series.values()],
  };
}

function withStarts(line: SeriesLine, starts: StartLine | undefined): SeriesLine {
  if (!starts) return line;
  if (labelsKey(starts.labels) !== labelsKey(line.labels)) {
    throw scriptError("@st metric does not match the following sample line metric");
  }
  if (starts.offsetsMs.length !== line.values.length) {
    const { length } = starts.offsetsMs;
    throw scriptError(`@st line has ${length} values but sample line has ${line.values.length}`);
  }
  return { ...line, startOffsetsMs: starts.offsetsMs };
}
