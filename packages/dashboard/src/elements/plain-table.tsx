import type { ComponentChildren, VNode } from "preact";

/** A column; a number is set right. */
export interface PlainColumn {
  readonly name: string;
  readonly isNumber?: boolean;
  /** On a phone a text has a line of its own, unless it is short. */
  readonly isShort?: boolean;
}

/** A row; its first cell names it. */
export interface PlainRow {
  readonly key: string;
  readonly cells: readonly ComponentChildren[];
}

interface Props {
  readonly caption: string;
  readonly columns: readonly PlainColumn[];
  readonly rows: readonly PlainRow[];
}

/** A table of cells in the order of its columns. On a phone each row is a card. */
export function PlainTable({ caption, columns, rows }: Props): VNode {
  return (
    <div class="table-frame">
      <table class="table cards plain-table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? "number" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [head, ...cells] }) => (
            <tr key={key}>
              <th scope="row" class="cell-name">
                {head}
              </th>
              {cells.map((cell, i) => {
                const column = columns[i + 1];
                const kind = column?.isNumber
                  ? "number"
                  : column?.isShort
                    ? "cell-short"
                    : "cell-line";
                return (
                  <td key={column?.name} class={kind} data-label={column?.name}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
