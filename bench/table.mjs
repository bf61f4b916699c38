// How figures are shown.
export const print = (line = '') => process.stdout.write(`${line}\n`);

/** The first column to the left, the others to the right. */
export function printTable(title, head, rows) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  print(`\n${title}`);
  for (const [first, ...rest] of lines) {
    print(
      `  ${[first.padEnd(widths[0]), ...rest.map((cell, i) => cell.padStart(widths[i + 1]))].join('  ')}`,
    );
  }
}
