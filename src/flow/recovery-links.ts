import { secondsAfter } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { EngineParts, Visit } from './engine.js';
import { planAhead } from './executor.js';
import type { FlowTokens } from './execution-store.js';
import { flowAddress } from './flow-address.js';
import type { FlowUser } from './services/users.js';

export interface RecoveryLink {
  readonly token: Secret;
  readonly url: Secret;
  readonly expiresAt: Date;
}

/** Makes links by which people who have lost their access get it back. */
export class RecoveryLinks {
  constructor(
    private readonly engine: EngineParts,
    private readonly flowTokens: Pick<FlowTokens, 'issueForRecovery'>,
    private readonly publicUrl: string,
  ) {}

  /**
   * A link that opens the first recovery flow which applies to the person, once, as that person. Any earlier one of
   * theirs is good no longer. Refuses as CONFLICT where there is no such flow, or the account is disabled, and as
   * FORBIDDEN where the person may do what whoever makes it may not.
   */
  async create(visit: Visit, user: FlowUser, lifetimeSeconds: number, by: Actor): Promise<RecoveryLink> {
    if (!user.active) throw new Refusal('CONFLICT', 'The account is disabled.');
    const suspension = await this.#plan(visit, user);
    const token = this.engine.chance.token();
    const expiresAt = secondsAfter(visit.now, lifetimeSeconds);
    const flow = visit.catalogue.flow(suspension.flowId);
    if (!flow) throw new Error('a plan of a flow that is not there');
    await this.flowTokens.issueForRecovery({ token, userId: user.id, suspension, expiresAt }, by);
    return { token, url: flowAddress(this.publicUrl, flow.slug, 'flowToken', token), expiresAt };
  }

  /** Planned for somebody who is not signed in: that an administrator is must not be held for them. */
  async #plan(visit: Visit, { id, username }: FlowUser) {
    const reasons: string[] = [];
    for (const flow of visit.catalogue.flowsFor('RECOVERY')) {
      const user = { id, identifier: username };
      const ahead = await planAhead(this.engine, { ...visit, viewer: null }, flow, user);
      if (ahead.ok) return ahead.suspension;
      reasons.push(`${flow.slug}: ${ahead.denial.message}`);
    }
    const why = reasons.length === 0 ? 'There is none.' : reasons.join(' ');
    throw new Refusal('CONFLICT', `No flow with the designation RECOVERY applies to this person. ${why}`);
  }
}
