import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launch } from 'puppeteer-core';
import type { Browser, BrowserContext, CDPSession, Page } from 'puppeteer-core';
import { z } from 'zod';

import { PageClient } from './page-client.js';

/** What a passkey's device is like, as the browser simulates it (CDP, domain WebAuthn). */
export interface Device {
  readonly verifiesUser?: boolean;
  readonly transport?: 'internal' | 'usb';
}

/** Chromium without a window, in a profile that is deleted with it. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly profile: string,
  ) {}

  static async start(program: string): Promise<TestBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'stagedoor-chromium-'));
    // The sandbox cannot be had as root, nor in most containers; it is shown nothing but our own pages.
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
    // How long it may take is for the test to say.
    const browser = await launch({ executablePath: program, userDataDir: profile, args, timeout: 0 });
    return new TestBrowser(browser, profile);
  }

  /** Somebody at a browser of their own, on the page of a client, with a device that keeps passkeys. */
  async somebody(address: string, device: Device = {}): Promise<Somebody> {
    const context = await this.browser.createBrowserContext();
    const page = await context.newPage();
    const devices = await page.createCDPSession();
    await devices.send('WebAuthn.enable', { enableUI: false });
    const client = await PageClient.open(page, address);
    const somebody = new Somebody(context, page, devices, client);
    await somebody.plugIn(device);
    return somebody;
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

const errorName = z.object({ error: z.string() });
const json = z.record(z.string(), z.json());

export class Somebody {
  #device = '';

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly devices: CDPSession,
    readonly client: PageClient,
  ) {}

  /** From now on this device is the one that answers. */
  async plugIn({ verifiesUser = true, transport = 'internal' }: Device): Promise<void> {
    if (this.#device !== '') {
      await this.devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.#device });
    }
    const { authenticatorId } = await this.devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport, hasResidentKey: true, automaticPresenceSimulation: true },
        ...{ hasUserVerification: verifiesUser, isUserVerified: verifiesUser },
      },
    });
    this.#device = authenticatorId;
  }

  /** Whether the person unlocks the device when they are asked to. */
  async unlocks(isUserVerified: boolean): Promise<void> {
    const authenticatorId = this.#device;
    await this.devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  }

  /** What the device keeps. */
  async passkeys() {
    const authenticatorId = this.#device;
    return (await this.devices.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  }

  /** Takes all passkeys from the device; what they were. */
  async takeAway() {
    const authenticatorId = this.#device;
    const credentials = await this.passkeys();
    await this.devices.send('WebAuthn.clearCredentials', { authenticatorId });
    return credentials;
  }

  /** Gives the device passkeys that were on another one. */
  async give(credentials: Awaited<ReturnType<Somebody['passkeys']>>): Promise<void> {
    const authenticatorId = this.#device;
    for (const credential of credentials) {
      await this.devices.send('WebAuthn.addCredential', { authenticatorId, credential });
    }
  }

  /** What the browser makes of creation options. Fails with the browser's name for what is wrong. */
  async create(options: unknown) {
    return this.#asked('create', options);
  }

  /** What the browser makes of request options: at once, or as soon as the person chooses it where they type. */
  async get(options: unknown, mediation: 'optional' | 'conditional' = 'optional') {
    return this.#asked('get', options, mediation);
  }

  async #asked(what: 'create' | 'get', ...args: readonly unknown[]) {
    const answer = await this.client.call(what, ...args);
    const refused = errorName.safeParse(answer);
    if (refused.success) throw new Error(refused.data.error);
    return json.parse(answer);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
