// package-lock.json must install everywhere, and package.json must say exactly what.
import { readFileSync } from 'node:fs';

const read = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
const manifest = read('package.json');
const { packages } = read('package-lock.json');
const problems = [];

// npm leaves platform packages out of the lock when the registry lacks them at that moment; `npm ci` then fails.
const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
for (const [path, entry] of Object.entries(packages)) {
  const missing = Object.keys(entry.optionalDependencies ?? {}).filter((name) => !locked.has(name));
  if (missing.length > 0) problems.push(`${path}@${entry.version}: the lock lacks ${missing.join(', ')}`);
  // An address would tie the lock to the registry or mirror of whoever wrote it.
  if (entry.resolved !== undefined && entry.link !== true)
    problems.push(`${path}: resolved to ${entry.resolved}`);
  if (path !== '' && entry.link !== true && entry.integrity === undefined && entry.inBundle !== true) {
    problems.push(`${path}: no integrity`);
  }
}

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
for (const section of ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides']) {
  for (const [name, version] of Object.entries(manifest[section] ?? {})) {
    if (!exact.test(version)) problems.push(`${section}: ${name} is "${version}", not one exact version`);
  }
}
for (const section of ['dependencies', 'devDependencies', 'optionalDependencies']) {
  for (const [name, version] of Object.entries(manifest[section] ?? {})) {
    if (packages['']?.[section]?.[name] !== version)
      problems.push(`${name}@${version} is not what the lock has`);
  }
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  `${Object.keys(packages).length - 1} packages in the lock, ${problems.length} problems\n`,
);
if (problems.length > 0) process.exitCode = 1;
