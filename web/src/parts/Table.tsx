// A table of a scene. Where columns are places, their headings are buttons that go there.

import type { JSX } from "preact";
import type { Row, Table as Content } from "../scene";
import { showing } from "./terms";
import type { Handlers } from "./Parts";

interface Props extends Handlers {
  readonly table: Content;
  readonly place: number | undefined;
}

export function Table({ table, place, onPlace }: Props): JSX.Element {
  const id = `table-${table.id}`;
  const body = table.rows.filter((row) => row.kind === "body");
  const total = table.rows.filter((row) => row.kind === "total");
  const goTo = (column: number): (() => void) | undefined => {
    const { marked } = table;
    if (marked === null || place === undefined || onPlace === undefined || !isPlace(table, column)) {
      return undefined;
    }
    return () => onPlace(place + column - marked, "settled");
  };
  return (
    <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table data-testid={id}>
        <caption id={id}>{table.caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column, at) => {
              const go = goTo(at);
              const heading = go === undefined ? column.heading : <button type="button" onClick={go}>{column.heading}</button>;
              const marks = table.marked === at;
              if (column.heading === "") {
                return <td key={at} class={classes(column.align, marks)} />;
              }
              return (
                <th key={at} scope="col" class={classes(column.align, marks)} aria-current={marks ? "true" : undefined}>
                  {heading}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{body.map((row, at) => <Line key={at} row={row} table={table} />)}</tbody>
        {total.length > 0 && <tfoot>{total.map((row, at) => <Line key={at} row={row} table={table} />)}</tfoot>}
      </table>
    </div>
  );
}

/** Whether a column is that of a place: its heading is a number, as that of the marked column is. */
function isPlace(table: Content, column: number): boolean {
  const heading = table.columns[column]?.heading ?? "";
  return /-?\d+$/.test(heading);
}

function Line({ row, table }: { readonly row: Row; readonly table: Content }): JSX.Element {
  return (
    <tr>
      {row.cells.map((cell, at) => {
        const align = table.columns[at]?.align ?? "left";
        const shared = {
          class: `${classes(align, table.marked === at || cell.emphasis === "marked")}${cell.emphasis === "faint" ? " faint" : ""}`,
          "data-value": cell.value ?? undefined,
          ...showing(cell.term),
        };
        return at === 0 && cell.text !== "" ? (
          <th key={at} scope="row" {...shared}>
            {cell.text}
          </th>
        ) : (
          <td key={at} {...shared}>
            {cell.text}
          </td>
        );
      })}
    </tr>
  );
}

function classes(align: "left" | "right", marked: boolean): string {
  return `${align}${marked ? " marked" : ""}`;
}
