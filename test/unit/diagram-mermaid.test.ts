import fc from 'fast-check';

import { authenticationRequirements } from '../../src/flow/definition.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  StageBindingDefinition,
} from '../../src/flow/definition.js';
import { flowDiagram } from '../../src/flow/diagram.js';
import { bound, flow, placed, policy, stage } from '../support/definitions.js';
import { drawnLabels, readGraph } from '../support/mermaid.mjs';
import type { Graph } from '../support/mermaid.mjs';

type Subject = 'policy' | 'group' | 'user';

interface Guard extends Partial<Pick<PolicyBindingDefinition, 'enabled' | 'negate'>> {
  readonly subject: Subject;
  readonly name?: string;
}

interface Place extends Partial<Pick<StageBindingDefinition, 'evaluateOnPlan' | 'reEvaluatePolicies'>> {
  readonly name?: string;
  readonly guards?: readonly Guard[];
}

interface Shape extends Partial<Pick<FlowDefinition, 'name' | 'authentication'>> {
  readonly guards?: readonly Guard[];
  readonly places?: readonly Place[];
}

const kindOf = { policy: 'Policy (fake)', group: 'Group', user: 'User' } as const;

/** The text for a flow of this shape, and the flow. */
function diagramOf({ guards = [], places = [], ...fields }: Shape) {
  const labels = new Map<string, { kind: string; name: string }>();
  const bindings = (of: readonly Guard[]): PolicyBindingDefinition[] =>
    of.map(({ subject, name = 'somebody', ...how }) => {
      const id = `binding-${labels.size}`;
      labels.set(id, { kind: kindOf[subject], name });
      return bound(subjectOf(subject, name), { id, order: 10, ...how });
    });
  const drawn = flow(
    places.map(({ name = 'a stage', guards: ofPlace = [], ...how }, index) =>
      placed(stage(name, 'dummy'), { id: `place-${index}`, policyBindings: bindings(ofPlace), ...how }),
    ),
    { policyBindings: bindings(guards), ...fields },
  );
  return { drawn, text: flowDiagram(drawn, labels) };
}

function subjectOf(subject: Subject, name: string): PolicyBindingDefinition['subject'] {
  switch (subject) {
    case 'policy':
      return { type: 'policy', policy: policy(name) };
    case 'group':
      return { type: 'group', groupId: name };
    case 'user':
      return { type: 'user', userId: name };
  }
}

const everyone: readonly Guard[] = [{ subject: 'policy' }, { subject: 'group' }, { subject: 'user' }];
const timesOf = (count: number, place: Place): Place[] => Array.from({ length: count }, () => place);

const arrows = ({ edges }: Graph): string[] =>
  edges.map(({ from, to, label }) => (label === '' ? `${from} → ${to}` : `${from} – ${label} → ${to}`));

describe('Mermaid, given the diagram of a flow,', () => {
  it('leads from the start of an empty flow to its end', async () => {
    const { nodes, edges } = await readGraph(diagramOf({}).text);
    expect(nodes).toEqual([
      { id: 'flow_start', shape: 'subroutine', classes: [] },
      { id: 'done', shape: 'subroutine', classes: [] },
    ]);
    expect(edges).toEqual([{ from: 'flow_start', to: 'done', label: '', stroke: 'normal' }]);
  });

  it('understands who may use the flow, and which stages apply', async () => {
    const { text } = diagramOf({
      name: 'Staff',
      authentication: 'REQUIRE_TOKEN',
      guards: [
        { subject: 'group', name: 'staff' },
        { subject: 'user', name: 'ada', negate: true },
      ],
      places: [
        { name: 'first', guards: [{ subject: 'policy', name: 'off', enabled: false }], evaluateOnPlan: true },
        { name: 'second', guards: [{ subject: 'policy', name: 'mondays' }] },
        {
          name: 'third',
          guards: [{ subject: 'policy', name: 'once' }],
          evaluateOnPlan: true,
          reEvaluatePolicies: false,
        },
      ],
    });
    const graph = await readGraph(text);
    expect(arrows(graph)).toEqual([
      'flow_auth_requirement – Requirement not fulfilled → done',
      'flow_auth_requirement – Requirement fulfilled → flow_start',
      'flow_pre – Binding 10 → flow_policy_0',
      'flow_policy_0 – Policy denied → done',
      'flow_policy_0 – Policy passed → flow_start',
      'flow_pre – Binding 10 → flow_policy_1',
      'flow_policy_1 – Policy denied → done',
      'flow_policy_1 – Policy passed → flow_start',
      'flow_start → stage_0',
      'stage_0_policy_0 → stage_0',
      'stage_0 → stage_1_policy_0',
      'stage_1_policy_0 – Policy passed → stage_1',
      'stage_1 → stage_2_policy_0',
      'stage_1_policy_0 – Policy denied → stage_2_policy_0',
      'stage_2_policy_0 – Policy passed → stage_2',
      'stage_2 → done',
      'stage_2_policy_0 – Policy denied → done',
    ]);
    expect(graph.edges.filter(({ stroke }) => stroke === 'dotted').map(({ from }) => from)).toEqual([
      'stage_0_policy_0',
    ]);
    expect(graph.nodes.filter(({ classes }) => classes.includes('disabled')).map(({ id }) => id)).toEqual([
      'stage_0_policy_0',
    ]);
    expect(Object.fromEntries(await drawnLabels(text))).toEqual({
      flow_start: 'Flow\nStaff',
      done: 'End of the flow',
      flow_auth_requirement: 'Flow authentication requirement\nREQUIRE_TOKEN',
      flow_pre: 'Pre-flow policies',
      flow_policy_0: 'Group\nstaff',
      flow_policy_1: 'User\nada\nnegated',
      stage_0: 'Stage (dummy)\nfirst',
      stage_0_policy_0: 'Policy (fake)\noff\non plan and on run, disabled',
      stage_1: 'Stage (dummy)\nsecond',
      stage_1_policy_0: 'Policy (fake)\nmondays\non run',
      stage_2: 'Stage (dummy)\nthird',
      stage_2_policy_0: 'Policy (fake)\nonce\non plan',
    });
  });

  it('shows a hundred stages with a policy each as they are', async () => {
    const { nodes, edges } = await readGraph(
      diagramOf({ places: timesOf(100, { guards: [{ subject: 'policy' }] }) }).text,
    );
    expect({ nodes: nodes.length, edges: edges.length }).toEqual({ nodes: 202, edges: 301 });
  });

  it('shows a hundred stages with three bindings each where the page allows as many edges', async () => {
    const { text } = diagramOf({ places: timesOf(100, { guards: everyone }) });
    await expect(readGraph(text)).rejects.toThrow('Edge limit exceeded');
    const { nodes, edges } = await readGraph(text, { maxEdges: 2000 });
    expect({ nodes: nodes.length, edges: edges.length }).toEqual({ nodes: 402, edges: 1495 });
  });

  it('writes names as they are', async () => {
    const { text } = diagramOf(named('"] --> done; <b>', hostileNames));
    expect(await drawnLabels(text)).toEqual(labelsOf('"] --> done; <b>', hostileNames));
  });

  it('writes any names as they are', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, fc.array(anyName, { maxLength: 8 }), async (name, names) => {
        expect(await drawnLabels(diagramOf(named(name, names)).text)).toEqual(labelsOf(name, names));
      }),
      { numRuns: 10 },
    );
  });

  it('sees of any flow which stages cannot be left out', async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, async (shape) => {
        const { drawn, text } = diagramOf(shape);
        const { nodes, edges } = await readGraph(text);
        expect({ nodes: nodes.length, edges: edges.length }).toEqual(sizeOf(drawn));
        for (const [index, { policyBindings }] of drawn.stageBindings.entries()) {
          const isGuarded = policyBindings.some(({ enabled }) => enabled);
          expect([index, reaches(edges, 'flow_start', 'done', `stage_${index}`)]).toEqual([index, isGuarded]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

const hostileNames = [
  `"quoted" and 'quoted'`,
  '"] --> done; flow_start[["',
  '(round) [square] {curly} <angle>',
  'end',
  'subgraph one',
  '%% no comment',
  "%%{init: {'theme': 'dark'}}%%",
  'x:::disabled',
  'lifestyle:"x"',
  'classDef:"x"',
  'two\nlines',
  '😀 👩‍👩‍👧 é e\u0301 日本語',
  '<b>bold</b><br/><img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  '`**markdown** _too_`',
  '1. a list',
  '- another',
  '&lt; &amp; #35; &#35;',
  '@{ shape: circle }',
  '| pipe | backslash \\ slash /',
  'long '.repeat(40).trim(),
  'x'.repeat(200),
];

/** A flow of this name whose stages, and the policies that guard them, have these names. */
function named(name: string, names: readonly string[]): Shape {
  return { name, places: names.map((of) => ({ name: of, guards: [{ subject: 'policy', name: of }] })) };
}

function labelsOf(name: string, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ['flow_start', `Flow\n${name}`],
    ['done', 'End of the flow'],
    ...names.flatMap((of, index): [string, string][] => [
      [`stage_${index}`, `Stage (dummy)\n${of}`],
      [`stage_${index}_policy_0`, `Policy (fake)\n${of}\non run`],
    ]),
  ]);
}

const hostileParts = [
  ...'" \' ` [ ] { } ( ) < > | / # ; & @ = ~ ^ * _ %% ::: --- --> <br/> </p> &amp; #35;'.split(' '),
  ...'end graph subgraph style classDef linkStyle click default title: http://example.org/ 😀 \u202e'.split(
    ' ',
  ),
  ...['\n', ' ', '1. ', '- '],
];

/** Not shown as they are, whatever is written for them: Mermaid reads these once more after it has decoded the text. */
const readTwice = /\\n|\$\$|\bfa[bklrs]?:fa-|ﬂ°|¶ß/u;

const anyName = fc
  .array(
    fc.oneof(
      { arbitrary: fc.constantFrom(...hostileParts), weight: 2 },
      { arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }), weight: 1 },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join('').trim())
  .filter((name) => name !== '' && !readTwice.test(name));

const anyGuards = fc.array(
  fc.record({
    subject: fc.constantFrom<Subject>('policy', 'group', 'user'),
    enabled: fc.boolean(),
    negate: fc.boolean(),
  }),
  { maxLength: 3 },
);

const anyShape = fc.record({
  authentication: fc.constantFrom(...authenticationRequirements),
  guards: anyGuards,
  places: fc.array(
    anyGuards.map((guards) => ({ guards })),
    { maxLength: 8 },
  ),
});

/** How much there is to draw, from the flow alone. */
function sizeOf({ authentication, policyBindings, stageBindings }: FlowDefinition) {
  const enabledIn = (bindings: readonly PolicyBindingDefinition[]): number =>
    bindings.filter(({ enabled }) => enabled).length;
  const [requirementNodes, requirementEdges] = authentication === 'NONE' ? [0, 0] : [1, 2];
  let nodes = 2 + requirementNodes + (policyBindings.length > 0 ? 1 : 0) + policyBindings.length;
  let edges = requirementEdges + policyBindings.length + 2 * enabledIn(policyBindings);
  let incoming = 1;
  for (const { policyBindings: guards } of stageBindings) {
    const enabled = enabledIn(guards);
    nodes += 1 + guards.length;
    edges += enabled === 0 ? incoming : enabled * (incoming + 1);
    edges += guards.length - enabled;
    incoming = 1 + enabled;
  }
  return { nodes, edges: edges + incoming };
}

/** Whether the edges lead there past this node. */
function reaches(edges: Graph['edges'], from: string, to: string, past: string): boolean {
  const reached = new Set([from]);
  for (const node of reached) {
    for (const edge of edges) if (edge.from === node && edge.to !== past) reached.add(edge.to);
  }
  return reached.has(to);
}
