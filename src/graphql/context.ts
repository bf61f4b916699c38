import type DataLoader from 'dataloader';

import type { FileOutcomes } from '../blueprints/file-outcome.js';
import type { Importer } from '../blueprints/import-request.js';
import type { BlueprintExporter } from '../blueprints/exporter.js';
import type { BlueprintImporter } from '../blueprints/importer.js';
import type { ApiTokens } from '../flow/api-tokens.js';
import type { AuthenticatorRecords, ManagedAuthenticator } from '../flow/authenticator-records.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { Access, Rights } from '../identity/access.js';
import type { Consent, ConsentRecords } from '../flow/consents.js';
import type { DefinitionStore } from '../flow/definition-store.js';
import type { EngineParts, Visit } from '../flow/engine.js';
import type { EventLog } from '../flow/event-log.js';
import type { ExecutionChanges } from '../flow/execution-changes.js';
import type { BrowserToken, IssuedToken } from '../flow/execution.js';
import type {
  FlowRecord,
  FlowVersionName,
  FlowVersionPage,
  FlowVersionPageRequest,
} from '../flow/flow-versions.js';
import type {
  GroupDetails,
  GroupEditor,
  Groups,
  MemberPage,
  MemberPageRequest,
} from '../flow/group-store.js';
import type { ImportLog } from '../flow/imports.js';
import type { ExecutionInspection, RecordedRequest } from '../flow/inspection.js';
import type { InstallationEditor } from '../flow/installation.js';
import type { RecoveryLinks } from '../flow/recovery-links.js';
import type { ReputationRecords } from '../flow/reputation-records.js';
import type { InvitationEditor, InvitationList } from '../flow/invitation-store.js';
import type { Inviting } from '../flow/inviting.js';
import type { FlowRunner } from '../flow/runner.js';
import type { Locations } from '../flow/services/locations.js';
import type { Mailing } from '../flow/services/mailing.js';
import type { UserGroup } from '../flow/services/users.js';
import type { Sessions } from '../flow/sessions.js';
import type { ClientFacts, ClientKind, Viewer } from '../flow/stage-kind.js';
import type { Account, PasswordState, UserEditor, UserList } from '../flow/user-store.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import type { Secret } from '../kernel/secret.js';

/** The cookies of a browser: secrets that its scripts never see. */
export interface BrowserCookies {
  /** What ties an execution to this browser: one cookie for each, so that two tabs never meet. */
  executionSecret(executionId: string): Secret | undefined;
  keepExecutionSecret(executionId: string, secret: Secret, expiresAt: Date): void;
  keepSession(issued: IssuedToken): void;
  dropSession(): void;
  keepBrowser(remembered: BrowserToken): void;
}

/** What resolvers work with; one for each request. */
export interface RequestContext {
  /** The moment of the request. */
  readonly now: Date;
  readonly cookies: BrowserCookies;
  readonly runner: FlowRunner;
  readonly definitions: DefinitionStore;
  readonly policyServices: PolicyServices;
  readonly importer: Importer;
  readonly importLog: ImportLog;
  readonly folderOutcomes: FileOutcomes;
  readonly exporter: BlueprintExporter;
  /** What expressions can use, in TypeScript. */
  readonly expressionDeclarations: string;
  readonly recoveryLinks: RecoveryLinks;
  /** The engine itself, for trying flows out. */
  readonly engine: EngineParts;
  readonly inspection: ExecutionInspection;
  readonly locations: Locations;
  readonly eventLog: EventLog;
  /** What executions have done, by their ids. */
  readonly histories: DataLoader<string, readonly RecordedRequest[]>;
  readonly users: DataLoader<string, Account | undefined>;
  /** The groups that somebody is in directly, by their id. */
  readonly groupIdsOfUsers: DataLoader<string, string[]>;
  readonly passwordStates: DataLoader<string, PasswordState | undefined>;
  readonly consentsOfUsers: DataLoader<string, Consent[]>;
  readonly consents: ConsentRecords;
  readonly authenticatorsOfUsers: DataLoader<string, ManagedAuthenticator[]>;
  readonly authenticators: AuthenticatorRecords;
  readonly userList: UserList;
  readonly userEditor: UserEditor;
  readonly groups: DataLoader<string, UserGroup | undefined>;
  /** The groups that one lies within directly, and those that lie within it, by its id. */
  readonly groupParents: DataLoader<string, UserGroup[]>;
  readonly groupChildren: DataLoader<string, UserGroup[]>;
  readonly groupDetails: DataLoader<string, GroupDetails | undefined>;
  readonly groupMembers: DataLoader<MemberPageRequest, MemberPage, string>;
  readonly groupMemberCounts: DataLoader<string, number>;
  /** What people may do by being in a group, by its id. */
  readonly groupRights: DataLoader<string, Rights>;
  readonly groupList: Groups;
  readonly groupEditor: GroupEditor;
  /** Makes flows what they were. */
  readonly rollBacks: Pick<BlueprintImporter, 'rollBack'>;
  readonly flowVersionPages: DataLoader<FlowVersionPageRequest, FlowVersionPage, string>;
  /** What flows were like, by the flow's id and the version's number. */
  readonly flowRecords: DataLoader<FlowVersionName, FlowRecord | undefined, string>;
  readonly installation: InstallationEditor;
  readonly reputationRecords: ReputationRecords;
  readonly apiTokens: ApiTokens;
  readonly sessions: Sessions;
  readonly invitations: {
    readonly list: InvitationList;
    readonly editor: InvitationEditor;
    readonly inviting: Inviting;
    readonly mailing: Mailing;
  };
  /** The person with this username or e-mail address. */
  userByIdentifier(identifier: string): Promise<Account | undefined>;
  newSecret(): Secret;
  /** From where, and by what, the request was sent. */
  readonly client: ClientFacts;
  /** What whoever sent the request may do; refuses as UNAUTHENTICATED where nobody is known. */
  access(): Promise<Access>;
  /** Forgets who sent the request, and what they may do: a change that it has made may concern themselves. */
  forgetSender(): void;
  /** The request as flows see it. A native client is signed in by its bearer token only, a browser by its cookie only. */
  visit(client: ClientKind): Promise<Visit>;
  /** The request as flows see it that are run for `viewer`. */
  ownVisit(): Promise<Visit>;
  /** Whoever is signed in, by bearer token, else by cookie; with an API token nobody is. */
  viewer(): Promise<Viewer | null>;
  catalogue(): Promise<Catalogue>;
  /** The definitions after a change that this request has made. */
  reloadCatalogue(): Promise<Catalogue>;
}

/** What subscriptions work with; one for each. It outlives many requests, and there is no answer to set cookies in. */
export interface StreamContext {
  readonly cookies: Pick<BrowserCookies, 'executionSecret'>;
  readonly runner: FlowRunner;
  readonly changes: ExecutionChanges;
  /** Refuses: what takes a permission is not told to whoever follows an execution. */
  access(): Promise<never>;
  /** The circumstances of this moment: time, definitions and who is signed in are asked for anew each time. */
  visit(client: ClientKind): Promise<Visit>;
}
