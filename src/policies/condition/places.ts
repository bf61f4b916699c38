import type { Action, ConditionNode, Group } from './document.js';

/** Something in a document, where it stands, and how deep: what is not within anything else of its sort is at 1. */
export interface Place<Thing> {
  readonly thing: Thing;
  readonly path: string;
  readonly depth: number;
}

/** Every action, also those within others and those that are not enabled. */
export function actionPlaces(actions: readonly Action[], path = 'actions', depth = 1): Place<Action>[] {
  return actions.flatMap((action, index) => {
    const own = { thing: action, path: `${path}.${index}`, depth };
    if (action.type !== 'if') return [own];
    const branches = (['then', 'else'] as const).flatMap((branch) =>
      actionPlaces(action[branch], `${own.path}.${branch}`, depth + 1),
    );
    return [own, ...branches];
  });
}

/** The node that an action asks about, and every one within it. */
export function nodePlaces({ thing: action, path }: Place<Action>): Place<ConditionNode>[] {
  if (action.type !== 'require' && action.type !== 'if') return [];
  return withThoseWithin({ thing: action.when, path: `${path}.when`, depth: 1 });
}

function withThoseWithin(place: Place<ConditionNode>): Place<ConditionNode>[] {
  const { thing, path, depth } = place;
  if ('variable' in thing || 'policy' in thing) return [place];
  const { how, children } = groupOf(thing);
  const within = children.map((child, index) => ({
    thing: child,
    path: `${path}.${how}.${index}`,
    depth: depth + 1,
  }));
  return [place, ...within.flatMap(withThoseWithin)];
}

/** How a group combines its children, and these. */
export function groupOf(group: Group): {
  readonly how: 'all' | 'any' | 'none';
  readonly children: readonly ConditionNode[];
} {
  if ('all' in group) return { how: 'all', children: group.all };
  if ('any' in group) return { how: 'any', children: group.any };
  return { how: 'none', children: group.none };
}
