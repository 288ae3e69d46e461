/** An aligned table, a line for each row, the headings among them. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map(row => widthOf(row[column]))),
  );
  return rows.map(row => lineOf(row, widths)).join('\n');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
    .join('  ')
    .trimEnd();
}

function widthOf(text = ''): number {
  return Array.from(text).length;
}
