import type { FlowDefinition, PolicyBindingDefinition, StageBindingDefinition } from './definition.js';

/** What to call a binding's subject: its kind, such as `Policy (expression)`, and its name. */
export interface SubjectLabel {
  readonly kind: string;
  readonly name: string;
}

/**
 * A flow as a Mermaid graph: its requirement, its policies, its stages in order, and where each decision leads. A
 * disabled binding is drawn and marked, and decides nothing; bindings on stages say when they are asked, and those
 * that expire until when they count.
 */
export function flowDiagram(flow: FlowDefinition, labels: ReadonlyMap<string, SubjectLabel>): string {
  const diagram = new Diagram(labels);
  diagram.draw(flow);
  return diagram.text();
}

class Diagram {
  readonly #nodes: string[] = [];
  readonly #edges: string[] = [];

  /** Labels are by the id of the binding. */
  constructor(private readonly labels: ReadonlyMap<string, SubjectLabel>) {}

  draw(flow: FlowDefinition): void {
    this.#nodes.push(`flow_start[[${quoted('Flow', flow.name)}]]`, `done[[${quoted('End of the flow')}]]`);
    this.#drawRequirement(flow);
    this.#drawFlowPolicies(flow);
    // Where the stage before was left out, its successor is reached from what stood before it as well.
    let before: readonly Arrow[] = [{ from: 'flow_start', label: undefined }];
    for (const [index, binding] of flow.stageBindings.entries())
      before = this.#drawStage(binding, index, before);
    for (const arrow of before) this.#connect(arrow, 'done');
  }

  text(): string {
    const style = 'classDef disabled stroke-dasharray: 5 5';
    const lines = [...this.#nodes, ...this.#edges];
    return [
      'graph TD',
      ...(lines.some((line) => line.includes(':::disabled')) ? [...lines, style] : lines),
    ].join('\n');
  }

  #drawRequirement({ authentication }: FlowDefinition): void {
    if (authentication === 'NONE') return;
    this.#nodes.push(`flow_auth_requirement[${quoted('Flow authentication requirement', authentication)}]`);
    this.#connect({ from: 'flow_auth_requirement', label: 'Requirement not fulfilled' }, 'done');
    this.#connect({ from: 'flow_auth_requirement', label: 'Requirement fulfilled' }, 'flow_start');
  }

  #drawFlowPolicies({ policyBindings }: FlowDefinition): void {
    if (policyBindings.length === 0) return;
    this.#nodes.push(`flow_pre[[${quoted('Pre-flow policies')}]]`);
    for (const [index, binding] of policyBindings.entries()) {
      const node = `flow_policy_${index}`;
      this.#drawPolicy(node, binding);
      this.#connect({ from: 'flow_pre', label: `Binding ${binding.order}` }, node);
      if (!binding.enabled) continue;
      this.#connect({ from: node, label: 'Policy denied' }, 'done');
      this.#connect({ from: node, label: 'Policy passed' }, 'flow_start');
    }
  }

  #drawStage(binding: StageBindingDefinition, index: number, before: readonly Arrow[]): readonly Arrow[] {
    const stage = `stage_${index}`;
    this.#nodes.push(`${stage}([${quoted(`Stage (${binding.stage.kind})`, binding.stage.name)}])`);
    const enabled = binding.policyBindings.filter((policy) => policy.enabled);
    if (enabled.length === 0) for (const arrow of before) this.#connect(arrow, stage);
    const after: Arrow[] = [{ from: stage, label: undefined }];
    for (const [place, policy] of binding.policyBindings.entries()) {
      const node = `${stage}_policy_${place}`;
      this.#drawPolicy(node, policy, momentsOf(binding));
      if (!policy.enabled) {
        this.#edges.push(`${node} -.- ${stage}`);
        continue;
      }
      for (const arrow of before) this.#connect(arrow, node);
      this.#connect({ from: node, label: 'Policy passed' }, stage);
      after.push({ from: node, label: 'Policy denied' });
    }
    return after;
  }

  #drawPolicy(node: string, binding: PolicyBindingDefinition, moments?: string): void {
    const { kind, name } = this.labels.get(binding.id) ?? { kind: 'Binding', name: binding.id };
    const remarks = [
      moments,
      binding.negate ? 'negated' : undefined,
      binding.expiresAt === null ? undefined : `until ${binding.expiresAt.toISOString()}`,
      binding.enabled ? undefined : 'disabled',
    ];
    const remark = remarks.filter((text) => text !== undefined).join(', ');
    const label = remark === '' ? quoted(kind, name) : quoted(kind, name, remark);
    this.#nodes.push(`${node}{{${label}}}${binding.enabled ? '' : ':::disabled'}`);
  }

  #connect({ from, label }: Arrow, to: string): void {
    this.#edges.push(label === undefined ? `${from} --> ${to}` : `${from} -- ${quoted(label)} --> ${to}`);
  }
}

/** The beginning of an edge, and what is written on it. */
interface Arrow {
  readonly from: string;
  readonly label: string | undefined;
}

function momentsOf({ evaluateOnPlan, reEvaluatePolicies }: StageBindingDefinition): string {
  if (evaluateOnPlan && reEvaluatePolicies) return 'on plan and on run';
  return evaluateOnPlan ? 'on plan' : 'on run';
}

/** Lines of text that Mermaid takes as they are: what it would read as markup is written by its number. */
function quoted(...lines: readonly string[]): string {
  const escape = (line: string): string =>
    line.replace(/[^\p{L}\p{N} ()_.,-]/gu, (character) => `#${character.codePointAt(0) ?? 32};`);
  return `"${lines.map(escape).join('<br/>')}"`;
}
