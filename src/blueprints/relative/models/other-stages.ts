import { duration, flag, meaningless, reference, references, renamed, same } from '../rules.js';
import { stage } from './model.js';

export const invitationStage = stage('invitation', {
  continue_flow_without_invitation: flag('continueWithoutInvitation'),
});

export const consent = stage('consent', {
  mode: renamed('mode', { always_require: 'ALWAYS', permanent: 'PERMANENT', expiring: 'EXPIRING' }),
  consent_expire_in: duration('expireIn', { least: 1 }),
});

export const deny = stage('deny', { deny_message: same('message') });

export const dummy = stage('dummy', { throw_error: flag('throwError') });

export const prompt = stage('prompt', {
  fields: references('fieldIds', 'promptField'),
  validation_policies: references('validationPolicyIds', 'policy'),
});

export const redirect = stage(
  'redirect',
  {
    // What the other mode would go by has no effect there.
    ...{ mode: meaningless, target_static: meaningless, target_flow: meaningless },
    keep_context: flag('keepContext'),
  },
  (writing) => {
    const { entry, problems, set } = writing;
    const mode = entry.fields.get('mode');
    const [address, flow] = [entry.fields.get('target_static'), entry.fields.get('target_flow')];
    if (mode?.value === 'static' && address) {
      set('url', typeof address.value === 'string' ? address.value : null, address.path);
      set('flowId', null, address.path);
    } else if (mode?.value === 'flow' && flow) {
      reference('flowId', 'flow')(flow, writing);
      set('url', null, flow.path);
    } else if (mode ?? address ?? flow) {
      const message = 'Say where to: `mode: static` and `target_static`, or `mode: flow` and `target_flow`.';
      problems.error([...entry.path, 'attrs'], 'INCOMPLETE', message);
    }
  },
);
