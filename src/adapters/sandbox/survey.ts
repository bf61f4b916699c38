import type { AnyNode, Program } from 'acorn';

/** How a program calls other policies: by this name, which is nothing else. */
const CALL = 'callPolicy';

/** What a program mentions, or where it uses something that it may not. */
export interface Survey {
  readonly calls: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly misuse: Misuse | undefined;
}

interface Misuse {
  readonly message: string;
  readonly node: AnyNode;
}

/**
 * Looks through a program without running it. What policies it calls must be known before it runs, so that they
 * cannot vanish under it: so `callPolicy` may only ever be called, and with a text.
 */
export function surveyOf(program: Program): Survey {
  const calls = new Set<string>();
  const paths = new Map<string, readonly string[]>();
  const misuses: Misuse[] = [];
  const left: AnyNode[] = [program];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const called = calledPolicy(node);
    if (called !== undefined) {
      calls.add(called);
      continue;
    }
    if (node.type === 'ImportExpression') misuses.push({ message: 'import is not available', node });
    const chain = chainOf(node);
    if (!chain) {
      left.push(...childrenOf(node));
      continue;
    }
    const [root] = chain.path;
    if (root === CALL) {
      misuses.push({ message: `${CALL} can only be called, and with the policy's name as a text`, node });
    }
    paths.set(chain.path.join('.'), chain.path);
    left.push(...chain.computed);
  }
  const [misuse] = misuses.toSorted((one, other) => one.node.start - other.node.start);
  return { calls: [...calls], paths: [...paths.values()], misuse };
}

/** The name in `callPolicy('name')`. */
function calledPolicy(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' || node.optional || node.arguments.length !== 1) return undefined;
  const { callee } = node;
  const [name] = node.arguments;
  const isCall = callee.type === 'Identifier' && callee.name === CALL;
  return isCall && name?.type === 'Literal' && typeof name.value === 'string' ? name.value : undefined;
}

interface Chain {
  /** As far as it can be read off. */
  readonly path: readonly string[];
  /** What is worked out to go on. */
  readonly computed: readonly AnyNode[];
}

/** For a variable, or members of one: `user.groups[n].length` is user, groups. */
function chainOf(node: AnyNode): Chain | undefined {
  const computed: AnyNode[] = [];
  let names: string[] = [];
  let current = node;
  while (current.type === 'MemberExpression') {
    const name = memberName(current);
    if (name === undefined) {
      names = [];
      computed.push(current.property);
    } else names.unshift(name);
    current = current.object;
  }
  return current.type === 'Identifier' ? { path: [current.name, ...names], computed } : undefined;
}

function memberName({ computed, property }: AnyNode & { type: 'MemberExpression' }): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** Without the names of properties: they are nobody's variables. */
function childrenOf(node: AnyNode): AnyNode[] {
  const children: unknown[] = Object.entries(node).flatMap(([key, child]: [string, unknown]) =>
    key === nameOfProperty(node) ? [] : child,
  );
  return children.filter(isNode);
}

/** Under which key a node has the name of a property that is written out. */
function nameOfProperty(node: AnyNode): string | undefined {
  if (node.type === 'Property') return node.computed || node.shorthand ? undefined : 'key';
  if (node.type === 'MemberExpression') return node.computed ? undefined : 'property';
  const isOfClass = node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
  return isOfClass && !node.computed ? 'key' : undefined;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value
  );
}
