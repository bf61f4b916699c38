/** A login, under the id `flow`. */
export const FLOW = `
model: authentik_flows.flow
id: flow
identifiers: { slug: sign-in }
attrs: { name: Sign in, title: Hello, designation: authentication, authentication: require_unauthenticated }`;

/** A stage of this model, under its name as id. */
export const stage = (name: string, model: string, attrs = '{}') => `
model: authentik_stages_${model}
id: ${name}
identifiers: { name: ${name} }
attrs: ${attrs}`;

/** Where a stage stands in the flow, under the id `place-` and its name. */
export const place = (name: string, order: number) => `
model: authentik_flows.flowstagebinding
id: place-${name}
identifiers: { target: !KeyOf flow, stage: !KeyOf ${name}, order: ${order} }`;

/** A policy, under its name as id. */
export const policy = (name: string, attrs: string, model = 'expression.expressionpolicy') => `
model: authentik_policies_${model}
id: ${name}
identifiers: { name: ${name} }
attrs: ${attrs}`;

/** Has a policy guard what has the id `target`. */
export const guard = (name: string, target: string, attrs = '{}') => `
model: authentik_policies.policybinding
identifiers: { target: !KeyOf ${target}, policy: !KeyOf ${name}, order: 0 }
attrs: ${attrs}`;
