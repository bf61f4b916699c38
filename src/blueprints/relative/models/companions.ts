import { momentText } from '../../../kernel/moment.js';
import type { Path } from '../../problem.js';
import type { Tree } from '../../tree.js';
import type { Given, Members, Value } from '../entry.js';
import { flag, leftOut, meaningless, nameOf, refused, treeOf, truthOf } from '../rules.js';
import type { Writing } from '../rules.js';
import { isList, isMembers } from '../value.js';
import { fieldKey } from './prompt-field.js';
import type { Model } from './model.js';

export const group: Model = {
  type: 'group',
  key: 'name',
  rules: {
    is_superuser: flag('superuser'),
    parent: (given, writing) => parents(given.value === null ? [] : [given.value], given.path, writing),
    parents: (given, writing) => {
      if (isList(given.value)) parents(given.value, given.path, writing);
      else writing.problems.error(given.path, 'INVALID_TYPE', 'Must be a list.');
    },
    attributes: refused('Groups have no attributes here, and what policies make of them would be lost.'),
    users: refused('Who is in a group is not for a document to say here, and policies go by it.'),
    roles: leftOut('Roles are not known here: what they would allow is not allowed.'),
    ...{ num_pk: meaningless, parent_name: meaningless },
  },
};

function parents(values: readonly Value[], path: Path, { names, problems, set }: Writing): void {
  const all = values.map((value) => nameOf({ value, path }, 'group', names, problems));
  const whole = all.flatMap((name) => (name === undefined ? [] : [name]));
  if (whole.length === all.length) set('parents', whole, path);
}

export const invitation: Model = {
  type: 'invitation',
  key: 'name',
  rules: {
    flow: ({ value, path }, writing) => {
      if (value === null) return writing.set('flow', null, path);
      const slug = nameOf({ value, path }, 'flow', writing.names, writing.problems);
      if (slug !== undefined) writing.set('flow', slug, path);
    },
    single_use: flag('singleUse'),
    fixed_data: fixedData,
    ...{ expires: meaningless, expiring: meaningless },
    created_by: leftOut('Whoever imports the document is who has made it.'),
  },
  finish: (writing) => {
    const { entry, problems, set } = writing;
    const [expires, expiring] = [entry.fields.get('expires'), entry.fields.get('expiring')];
    const usual: string[] = [];
    if (expiring && truthOf(expiring.value) === false) set('expiresAt', null, expiring.path);
    else if (!expires) usual.push('is good for seven days');
    else if (expires.value === null) set('expiresAt', null, expires.path);
    else {
      const moment = momentOf(expires.value);
      if (moment === undefined) {
        problems.error(expires.path, 'INVALID_FORMAT', 'Must be a moment such as 2030-12-31T23:59:59Z.');
      } else set('expiresAt', moment, expires.path);
    }
    if (!entry.fields.has('single_use')) usual.push('is good for one account');
    if (usual.length > 0) {
      problems.warning(
        entry.path,
        `Where it is made, it ${usual.join(' and ')}: say \`single_use\` and \`expires\` for anything else.`,
      );
    }
  },
};

/** As it is written most often, with a blank in place of the T, or without the offset: then it is UTC. */
function momentOf(value: Value): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
  const whole = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const moment = /T[\d:.]+$/.test(whole) ? `${whole}Z` : whole;
  return momentText.safeParse(moment).success ? moment : undefined;
}

/** What lies within `attributes` there is known by keys with dots here. */
function fixedData({ value, path }: Given, { problems, set }: Writing): void {
  if (!isMembers(value)) return problems.error(path, 'INVALID_TYPE', 'Must be a map.');
  const data = new Map<string, Tree>();
  for (const [key, tree] of flattened(value)) {
    if (typeof tree === 'object' && tree !== null) {
      problems.unsupported([...path, key], 'Only text, numbers, true and false can be decided beforehand.');
    } else data.set(fieldKey(key), tree);
  }
  set('fixedData', Object.fromEntries(data), path);
}

function flattened(members: Members, prefix = ''): [string, Tree][] {
  return Object.entries(members).flatMap(([key, value]): [string, Tree][] => {
    const whole = prefix + key;
    const isAttribute = whole === 'attributes' || whole.startsWith('attributes.');
    if (isMembers(value) && isAttribute) return flattened(value, `${whole}.`);
    return [[whole, treeOf(value) ?? []]];
  });
}
