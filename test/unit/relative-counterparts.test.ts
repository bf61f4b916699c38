import { readFileSync } from 'node:fs';

import { APPLY, GUARD, PLACE, models } from '../../src/blueprints/relative/models/list.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';

const page = readFileSync(new URL('../../docs/relative-blueprints.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `authentik_'));

it('the page has a row for everything of the relative’s that has a counterpart, and for nothing else', () => {
  const named = rows.map((row) => /`([\w.]+)`/.exec(row)?.[1]);

  expect(named.toSorted()).toEqual([...models.keys(), PLACE, GUARD].toSorted());
  expect(page).toContain(APPLY);
});

it('each kind that the relative’s become is one that there is', () => {
  const known = [...stageKinds, ...policyKinds].map(({ name }) => name);

  expect(known).toEqual(expect.arrayContaining([...models.values()].flatMap(({ kind }) => kind ?? [])));
  for (const [model, { kind }] of models) {
    if (kind !== undefined) expect(rows.find((row) => row.includes(`\`${model}\``))).toContain(`\`${kind}\``);
  }
});
