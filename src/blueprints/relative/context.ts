import type { JsonObject } from '../../kernel/json.js';
import { isList as isTreeList, isMap } from '../tree.js';
import type { Tree, TreeMap } from '../tree.js';
import { models } from './models/list.js';
import type { Problems } from './problems.js';

/** Whether the flows that a document describes hold its stages alone afterwards: of ours, and not of the relative. */
const REPLACE = 'stagedoor/replace';

/** What every document of the relative's finds in its context. */
function builtIn(): TreeMap {
  const apps = [...models.keys()].map((model): [string, Tree] => {
    const [app = '', name = ''] = model.split('.');
    return [name, app];
  });
  return {
    // What a licence allows there is here for everybody, or is reported as missing.
    'goauthentik.io/enterprise/licensed': true,
    'goauthentik.io/rbac/models': Object.fromEntries(apps),
    [REPLACE]: false,
  };
}

/** What a document can read by `!Context`: what is always there, what it says itself, and what was given for it. */
export function contextOf(document: TreeMap, given: JsonObject, problems: Problems): TreeMap {
  const { context = null } = document;
  if (context !== null && !isMap(context)) problems.error(['context'], 'INVALID_TYPE', 'Must be a map.');
  return over(over(builtIn(), isMap(context) ? context : {}), given);
}

/** Whether what the flows that the document describes hold besides is to be taken out of them. */
export function replacesFlows(context: TreeMap, problems: Problems): boolean {
  const replaces = context[REPLACE];
  if (typeof replaces === 'boolean') return replaces;
  problems.error(['context', REPLACE], 'INVALID_TYPE', 'Must be true or false.');
  return false;
}

function over(below: TreeMap, above: TreeMap): TreeMap {
  const all = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const there = all.get(key);
    all.set(key, there === undefined ? value : laidOver(there, value));
  }
  return Object.fromEntries(all);
}

function laidOver(below: Tree, above: Tree): Tree {
  if (isMap(below) && isMap(above)) return over(below, above);
  return isTreeList(below) && isTreeList(above) ? [...below, ...above] : above;
}
