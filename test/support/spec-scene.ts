import { Composer, signedUp } from './compose.js';
import { DummyFlows } from './dummies.js';
import { signedIn } from './flows.js';
import { startTestApp } from './test-app.js';
import type { TestApp } from './test-app.js';
import type { TestClient } from './test-client.js';

export const BOB = { username: 'bob', password: 'a long enough password' };
export const CAROL = { username: 'carol', password: 'a long enough password' };

/** What the relative's cases are played with: a service with an administrator and two people. */
export interface SpecScene {
  readonly app: TestApp;
  readonly admin: TestClient;
  /** Bob's browser; Carol has signed up as well. */
  readonly bob: TestClient;
  readonly composer: Composer;
  readonly dummies: DummyFlows;
}

export async function setSpecScene(): Promise<SpecScene> {
  const app = await startTestApp();
  const admin = await signedIn(app);
  const composer = new Composer(admin);
  const { slug } = await composer.enrollment();
  const bob = await signedUp(app, slug, BOB);
  await signedUp(app, slug, CAROL);
  return { app, admin, bob, composer, dummies: new DummyFlows(composer) };
}
