// Builds src/ and migrations/ into dist/, file by file. Types are not checked here: `npm run typecheck` does that.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const thisFile = fileURLToPath(import.meta.url);
const project = dirname(dirname(thisFile));

/** Also what jest transpiles with (jest.config.mjs), so that a test runs the code that is shipped. */
export const transpilation = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    // type-graphql rejects standard decorators. No metadata: every decorator names its type (see design.md).
    transform: {
      legacyDecorator: true,
      decoratorMetadata: false,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
    target: 'es2023',
    keepClassNames: true,
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
};

/**
 * Brings dist/ up to date: transpiles what is newer than its output and deletes outputs whose source is gone.
 * Two builds may run at once; a reader never sees half a file.
 */
export async function build({ root = project, output = join(root, 'dist') } = {}) {
  const startedAt = new Date();
  const outputs = new Map();
  for (const folder of ['src', 'migrations']) {
    for (const source of filesIn(join(root, folder))) {
      if (!source.endsWith('.ts') || /\.(test|d)\.ts$/.test(source)) continue;
      outputs.set(join(output, relative(root, source)).replace(/\.ts$/, '.js'), source);
    }
  }

  const built = new Map(); // output → when
  let deleted = 0;
  for (const folder of ['src', 'migrations']) {
    for (const file of filesIn(join(output, folder))) {
      if (file.endsWith('.tmp')) continue; // belongs to a build that runs beside this one
      if (outputs.has(file.replace(/\.map$/, ''))) built.set(file, statSync(file).mtimeMs);
      else {
        rmSync(file, { force: true });
        deleted += 1;
      }
    }
  }

  const optionsChangedAt = statSync(thisFile).mtimeMs;
  const stale = [...outputs].filter(([out, source]) => {
    const builtAt = built.get(out) ?? 0;
    return builtAt < statSync(source).mtimeMs || builtAt < optionsChangedAt;
  });
  if (stale.length > 0) {
    const { transformFile } = await import('@swc/core');
    await Promise.all(stale.map(([out, source]) => transpile(transformFile, out, source, startedAt)));
  }
  return { files: outputs.size, built: stale.length, deleted };
}

async function transpile(transformFile, out, source, startedAt) {
  const { code, map } = await transformFile(source, {
    ...transpilation,
    swcrc: false,
    configFile: false,
    sourceMaps: true,
    sourceFileName: relative(dirname(out), source).split(sep).join('/'),
  });
  await mkdir(dirname(out), { recursive: true });
  await place(`${out}.map`, map, startedAt);
  await place(out, `${code}//# sourceMappingURL=${basename(out)}.map\n`, startedAt);
}

/** Dated to the build's start, so that a source edited while it was being read is stale again at the next build. */
async function place(file, text, date) {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await utimes(draft, date, date);
  await rename(draft, file);
}

function filesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const startedAt = performance.now();
  const { files, built, deleted } = await build();
  const milliseconds = Math.round(performance.now() - startedAt);
  process.stdout.write(`${files} files: ${built} built, ${deleted} deleted, ${milliseconds} ms\n`);
}
