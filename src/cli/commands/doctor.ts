import type { Command } from 'commander';

import type { Cli } from '../cli.js';
import { command } from '../command.js';
import { examine } from '../doctor/examination.js';
import { areas } from '../doctor/finding.js';
import type { Finding } from '../doctor/finding.js';
import type { Output } from '../output.js';

/** `stagedoor doctor`: what is wrong with an installation, and what to do. */
export function addDoctor(program: Command, cli: Cli): void {
  command(program, 'doctor', {
    summary: 'Look for what is wrong with the installation, and say what to do.',
    details:
      'The variables and the files that they name, the database and its tables, its clock, whether everything that is sealed ' +
      'can be opened, the mail server (no mail is sent), whether every stored configuration can be used, documents in the folder ' +
      'that are not applied, ways to a session that ask for too little, and whether anybody can administrate. It changes nothing.',
    examples: ['stagedoor doctor', 'stagedoor doctor --json'],
  }).action(() => callDoctor(cli));
}

async function callDoctor(cli: Cli): Promise<void> {
  const found = await examine(cli);
  const findings = areas.flatMap((area) => found.filter((finding) => finding.area === area));
  const healthy = findings.every(({ level }) => level !== 'PROBLEM');
  if (!healthy) cli.outcome = 'PROBLEMS';
  cli.output.result(findings.map((finding) => line(finding, cli.output)).join('\n'), { healthy, findings });
}

const signs = {
  OK: { text: 'ok', style: 'green' },
  WARNING: { text: 'warning', style: 'yellow' },
  PROBLEM: { text: 'problem', style: 'red' },
} as const;

function line({ area, level, message, advice }: Finding, output: Output): string {
  const { text, style } = signs[level];
  const head = `${output.paint(style, text.padEnd(7))}  ${area.padEnd(13)}  ${message}`;
  return advice === null ? head : `${head}\n${' '.repeat(24)}→ ${advice}`;
}
