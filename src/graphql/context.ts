import type DataLoader from 'dataloader';

import type { Catalogue } from '../flow/catalogue.js';
import type { DefinitionStore } from '../flow/definition-store.js';
import type { Visit } from '../flow/engine.js';
import type { IssuedToken } from '../flow/execution.js';
import type { FlowRunner } from '../flow/runner.js';
import type { FlowUser, UserGroup } from '../flow/services/users.js';
import type { ClientKind, Viewer } from '../flow/stage-kind.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import type { Secret } from '../kernel/secret.js';

/** The cookies of a browser: secrets that its scripts never see. */
export interface BrowserCookies {
  /** What ties an execution to this browser: one cookie for each, so that two tabs never meet. */
  executionSecret(executionId: string): Secret | undefined;
  keepExecutionSecret(executionId: string, secret: Secret, expiresAt: Date): void;
  keepSession(issued: IssuedToken): void;
  dropSession(): void;
}

/** What resolvers work with; one for each request. */
export interface RequestContext {
  readonly cookies: BrowserCookies;
  readonly runner: FlowRunner;
  readonly definitions: DefinitionStore;
  readonly policyServices: PolicyServices;
  readonly users: DataLoader<string, FlowUser | undefined>;
  readonly groups: DataLoader<string, UserGroup | undefined>;
  newSecret(): Secret;
  /** The request as flows see it. A native client is signed in by its bearer token only, a browser by its cookie only. */
  visit(client: ClientKind): Promise<Visit>;
  /** Whoever is signed in, by bearer token, else by cookie. */
  viewer(): Promise<Viewer | null>;
  catalogue(): Promise<Catalogue>;
  /** The definitions after a change that this request has made. */
  reloadCatalogue(): Promise<Catalogue>;
}
