import type { Chance } from '../kernel/chance.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { FlowDefinition } from './definition.js';
import { flowAddress } from './flow-address.js';
import type { InvitationFields } from './invitation-rules.js';
import type { InvitationEditor } from './invitation-store.js';

export interface NewInvitation {
  readonly id: string;
  readonly token: Secret;
  /** Null where the invitation is good for any flow. */
  readonly url: Secret | null;
}

/** Makes invitations. Their secrets are told once, and kept as hashes. */
export class Inviting {
  constructor(
    private readonly editor: Pick<InvitationEditor, 'create'>,
    private readonly chance: Pick<Chance, 'token'>,
    private readonly publicUrl: string,
  ) {}

  /** Invites to this flow, which the fields name; null for any. */
  async invite(
    fields: InvitationFields,
    flow: Pick<FlowDefinition, 'slug'> | null,
    by: Actor,
  ): Promise<NewInvitation> {
    const token = this.chance.token();
    const id = await this.editor.create(fields, token, by);
    const url = flow && flowAddress(this.publicUrl, flow.slug, 'invitationToken', token);
    return { id, token, url };
  }
}
