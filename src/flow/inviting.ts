import type { Chance } from '../kernel/chance.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { FlowDefinition } from './definition.js';
import { flowAddress } from './flow-address.js';
import { invitationMails } from './invitation-mail.js';
import type { Recipients } from './invitation-mail.js';
import { expiryOf } from './invitation-rules.js';
import type { InvitationFields } from './invitation-rules.js';
import type { InvitationEditor } from './invitation-store.js';
import type { Invitation } from './invitation.js';

type InvitedTo = Pick<FlowDefinition, 'slug'> | null;

export interface NewInvitation {
  readonly id: string;
  readonly token: Secret;
  /** Null where the invitation is good for any flow. */
  readonly url: Secret | null;
}

/** Makes invitations. Their secrets are told once, and kept as hashes. */
export class Inviting {
  constructor(
    private readonly editor: Pick<InvitationEditor, 'create' | 'renew'>,
    private readonly chance: Pick<Chance, 'id' | 'token'>,
    private readonly publicUrl: string,
    private readonly mail: { wake(): void },
  ) {}

  /** Invites to this flow, which the fields name; null for any. Recipients are sent the link; null for nobody. */
  async invite(
    fields: InvitationFields,
    flow: InvitedTo,
    recipients: Recipients | null,
    by: Actor,
  ): Promise<NewInvitation> {
    const token = this.chance.token();
    const url = this.#linkTo(flow, token);
    const expiresAt = expiryOf(fields.lifetime, by.now);
    const mails = recipients ? this.#mails(recipients, url, expiresAt, by) : [];
    const id = await this.editor.create(fields, token, mails, by);
    if (mails.length > 0) this.mail.wake();
    return { id, token, url };
  }

  /**
   * Sends an invitation, as it was read, with a new secret: what its secret was before opens nothing any more. Refuses as
   * CONFLICT where it leads to no flow, lets nobody in any more, or has been changed.
   */
  async send(
    invitation: Pick<Invitation, 'id' | 'expiresAt' | 'version'>,
    flow: InvitedTo,
    recipients: Recipients,
    by: Actor,
  ): Promise<void> {
    const token = this.chance.token();
    const mails = this.#mails(recipients, this.#linkTo(flow, token), invitation.expiresAt, by);
    await this.editor.renew(invitation, token, mails, by);
    this.mail.wake();
  }

  #linkTo(flow: InvitedTo, token: Secret): Secret | null {
    return flow && flowAddress(this.publicUrl, flow.slug, 'invitationToken', token);
  }

  #mails(recipients: Recipients, url: Secret | null, expiresAt: Date | null, { now }: Actor) {
    if (url) return invitationMails(recipients, { url, expiresAt }, this.chance, now);
    throw new Refusal('CONFLICT', 'The invitation is good for any flow, so that no link leads to one.');
  }
}
