// `write` generates the code of examples/typescript-client; `check` fails where it is stale or the example does not compile.
//
// What its codegen.yml says, done by the generator's core: the command line tool, which does the same for those who copy
// the example, would bring some two hundred packages more.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, parse, print } from 'graphql';
import { parse as parseYaml } from 'yaml';

const example = fileURLToPath(new URL('../examples/typescript-client/', import.meta.url));
const inExample = (path) => join(example, path);
const read = (path) => readFileSync(path, 'utf8');

const { schema: schemaFile, documents: pattern, generates } = parseYaml(read(inExample('codegen.yml')));
const [[folder, { presetConfig, config }]] = Object.entries(generates);

const generated = await generate();
if (process.argv[2] === 'write') write();
else check();

/** The files by their paths. */
async function generate() {
  const sdl = read(inExample(schemaFile));
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: folder,
    presetConfig,
    config,
    schema: parse(sdl),
    schemaAst: buildSchema(sdl),
    documents: globSync(pattern, { cwd: example })
      .toSorted()
      .map((location) => source(location, parse(read(inExample(location))))),
    plugins: [],
    pluginMap: {},
  });
  // All at once: one of the files waits for another one.
  const files = await Promise.all(
    sections.map(async (section) => [section.filename, await codegen(section)]),
  );
  return new Map(files.map(([path, text]) => [inExample(path), text]));
}

function source(location, document) {
  return { location, document, rawSDL: print(document) };
}

function write() {
  rmSync(inExample(folder), { recursive: true, force: true });
  for (const [path, text] of generated) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  process.stdout.write(`${generated.size} files written to ${relative(process.cwd(), inExample(folder))}\n`);
}

function check() {
  const present = new Map(
    readdirSync(inExample(folder)).map((name) => [
      inExample(join(folder, name)),
      read(inExample(join(folder, name))),
    ]),
  );
  const paths = new Set([...generated.keys(), ...present.keys()]);
  const stale = [...paths].filter((path) => generated.get(path) !== present.get(path));
  for (const path of stale) {
    process.stderr.write(
      `${relative(process.cwd(), path)} is stale: run \`npm run client:write\` and commit the result\n`,
    );
  }
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', example], { stdio: 'inherit' });
  if (stale.length > 0 || status !== 0) process.exitCode = 1;
  else
    process.stdout.write(
      `the example's ${generated.size} generated files are what its documents say, and it compiles\n`,
    );
}
