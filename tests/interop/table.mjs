// What was wanted and what was said, a row for each case; the table is also the test's outcome.
export class Table {
  #columns;
  #rows = [];
  #wrong = [];

  constructor(columns) { this.#columns = columns; }

  // `said` and `wanted`: by column. A column that is not wanted is not asked.
  add(name, said, wanted) {
    const cells = this.#columns.map((column) => this.#cell(name, column, said, wanted));
    this.#rows.push([name, ...cells]);
  }

  #cell(name, column, said, wanted) {
    if (wanted[column] === undefined) return '-';
    if (said[column] === wanted[column]) return said[column];
    this.#wrong.push(`${name}: ${column} says "${said[column]}", want "${wanted[column]}"`);
    return `${said[column]} !`;
  }

  // Whether all was as wanted.
  print() {
    const rows = [['', ...this.#columns], ...this.#rows];
    const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
    for (const row of rows)
      console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
    for (const line of this.#wrong) console.error(`interop: ${line}`);
    return this.#wrong.length === 0;
  }
}
