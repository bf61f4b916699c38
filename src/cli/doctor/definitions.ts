import type { FieldProblem } from '../../kernel/refusal.js';
import type { Catalogue } from '../../flow/catalogue.js';
import type { PolicyDefinition, StageDefinition } from '../../flow/definition.js';
import { lintFlow } from '../../flow/lint.js';
import { promptFieldProblems } from '../../flow/prompt-field-problems.js';
import type { Service } from '../../app/service.js';
import { checkPolicyConfig } from '../../policies/configuration.js';
import { checkStageConfig } from '../../stages/configuration.js';
import { isThere } from '../../stages/referable.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** Has every stage, policy and prompt field read by its kind, and every flow looked through for ways around it. */
export async function examineDefinitions(service: Service, catalogue: Catalogue): Promise<Finding[]> {
  const { stages, policies, promptFields, flows } = catalogue;
  const { expressions } = service.policyServices;
  const broken: Finding[] = [];
  for (const stage of stages) broken.push(...(await examineStage(service, catalogue, stage)));
  broken.push(...policies.flatMap((policy) => examinePolicy(service, catalogue, policy)));
  for (const field of promptFields)
    broken.push(...unsound(`the prompt field ${field.name}`, promptFieldProblems(field, expressions)));
  const kinds = new Map(service.kinds.stages.map((kind) => [kind.name, kind]));
  const doubtful = flows.flatMap((flow) =>
    lintFlow(flow, catalogue, kinds).map(({ message, binding, path }) =>
      warning(
        'definitions',
        `Flow ${path.join(' → ')}, stage ${binding.stage.name}: ${message}`,
        'If it is meant so, leave it; otherwise change the flow.',
      ),
    ),
  );
  if (broken.length > 0) return [...broken, ...doubtful];
  const counts = `${flows.length} flows, ${stages.length} stages, ${policies.length} policies, ${promptFields.length} prompt fields`;
  return [fine('definitions', `Every stored configuration can be used: ${counts}.`), ...doubtful];
}

async function examineStage(
  { kinds, users }: Service,
  catalogue: Catalogue,
  { name, kind: kindName, config }: StageDefinition,
): Promise<Finding[]> {
  const kind = kinds.stages.find((one) => one.name === kindName);
  if (!kind) return [ofUnknownKind(`the stage ${name}`, kindName)];
  const checked = await checkStageConfig(kind, config, async (to, id, narrowed) =>
    to === 'group'
      ? (await users.groupsByIds([id])).at(0) !== undefined
      : isThere(catalogue, to, id, narrowed),
  );
  return checked.ok ? [] : unsound(`the stage ${name} (${kindName})`, checked.problems);
}

function examinePolicy(
  { kinds, policyServices }: Service,
  catalogue: Catalogue,
  { name, kind: kindName, config }: PolicyDefinition,
): Finding[] {
  const kind = kinds.policies.find((one) => one.name === kindName);
  if (!kind) return [ofUnknownKind(`the policy ${name}`, kindName)];
  const checked = checkPolicyConfig(kind, config, policyServices, catalogue, name);
  return checked.ok ? [] : unsound(`the policy ${name} (${kindName})`, checked.problems);
}

function ofUnknownKind(what: string, kind: string): Finding {
  return problem(
    'definitions',
    `There is no kind ${kind} here, which ${what} is of.`,
    'Production has no dummies, and an older version has not the kinds of a newer one. Until it is deleted or the kind is there, it denies.',
  );
}

function unsound(what: string, problems: readonly FieldProblem[]): Finding[] {
  return problems.map(({ path, message }) =>
    problem(
      'definitions',
      `In ${what}${path === '' ? '' : `, ${path}`}: ${message}`,
      'Until it is mended, flows that need it deny.',
    ),
  );
}
