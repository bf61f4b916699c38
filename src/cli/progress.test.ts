import { Progress } from './progress.js';

/** What stands on a line of a terminal after each step, and at the end. */
function linesOn(screen: { columns?: number }, total: number): string[] {
  const lines: string[] = [];
  let line = '';
  const write = (text: string): void => {
    for (const part of text.split('\r').slice(1)) line = part + line.slice(part.length);
  };
  const progress = new Progress({ ...screen, write }, 'Sealing anew', total);
  for (let done = 0; done < total; done += 1) {
    progress.advance();
    lines.push(line);
  }
  progress.end();
  return [...lines, line];
}

describe('the progress of long work', () => {
  it('is a line that fills, and that is gone at the end', () => {
    const full = `Sealing anew  [${'#'.repeat(30)}] 100 % of 2`;
    expect(linesOn({}, 2)).toEqual([
      `Sealing anew  [${'#'.repeat(15)}${'-'.repeat(15)}]  50 % of 2`,
      full,
      ' '.repeat(full.length),
    ]);
  });

  it('stays on its line, however narrow the terminal is', () => {
    expect(linesOn({ columns: 40 }, 2)[0]).toBe('Sealing anew  [######------]  50 % of 2');
    expect(linesOn({ columns: 20 }, 2).map((line) => line.trimEnd())).toEqual([
      '50 % of 2',
      '100 % of 2',
      '',
    ]);
    expect(linesOn({ columns: 0 }, 2)[0]).toHaveLength(linesOn({}, 2)[0]?.length ?? 0);
    for (let columns = 1; columns < 90; columns += 1)
      for (const line of linesOn({ columns }, 3)) expect(line.length).toBeLessThan(columns);
  });

  it('takes away what a shorter line leaves of the one before, also where the terminal has become narrower', () => {
    const screen = { columns: 80 };
    const written: string[] = [];
    const progress = new Progress(
      {
        write: (text: string) => written.push(text),
        get columns() {
          return screen.columns;
        },
      },
      'Sealing anew',
      2,
    );
    progress.advance();
    screen.columns = 20;
    progress.advance();
    progress.end();
    expect(written.slice(1)).toEqual([`\r100 % of 2${' '.repeat(9)}`, `\r${' '.repeat(10)}`, '\r']);
  });
});
