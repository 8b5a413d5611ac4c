import { describe, expect, it } from "vitest";
import { type Command, matchingCommands } from "./palette-commands.ts";

const commands: Command[] = [
  "Serviço: avx-gateway",
  "Página: Traces",
  "Período: 1 h até agora",
].map((label) => ({
  key: label,
  label,
  run: () => {},
}));
const found = (query: string): string[] =>
  matchingCommands(commands, query).map(({ label }) => label);

describe("matchingCommands", () => {
  it("finds by any words in any order, without minding accents and case", () => {
    expect(found("GATE servico")).toEqual(["Serviço: avx-gateway"]);
    expect(found("pagina")).toEqual(["Página: Traces"]);
  });

  it("offers everything for nothing, and nothing for nonsense", () => {
    expect(found("  ")).toHaveLength(3);
    expect(found("(.*)")).toEqual([]);
  });
});
