import type { Page } from 'puppeteer-core';
import { z } from 'zod';

import { TestClient } from './test-client.js';
import type { Answer, GraphQLProblem } from './test-client.js';

/** The page of a web client: what the README shows, and no more. */
const HTML = /* HTML */ `<!doctype html>
  <title>A client</title>
  <input name="identifier" autocomplete="username webauthn" autofocus />
  <script>
    const client = {
      async send(query, variables) {
        const response = await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        });
        return { status: response.status, body: await response.json() };
      },
      create(options) {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
        return told(navigator.credentials.create({ publicKey }));
      },
      get(options, mediation) {
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
        return told(navigator.credentials.get({ publicKey, mediation }));
      },
      canAutofill: () => PublicKeyCredential.isConditionalMediationAvailable(),
    };
    const told = (asked) =>
      asked.then(
        (credential) => credential.toJSON(),
        (error) => ({ error: error.name }),
      );
  </script>`;

const answer = z.object({
  status: z.number(),
  body: z.object({ data: z.unknown(), errors: z.array(z.custom<GraphQLProblem>()).default([]) }),
});

/** Talks to the service from within a page on its own origin: with the cookies of the browser, and not of ours. */
export class PageClient extends TestClient {
  private constructor(
    private readonly page: Page,
    address: string,
  ) {
    super(address);
  }

  static async open(page: Page, address: string): Promise<PageClient> {
    const url = `${address}/the-page-of-the-client`;
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const isPage = request.url() === url;
      void (isPage ? request.respond({ contentType: 'text/html', body: HTML }) : request.continue());
    });
    await page.goto(url);
    return new PageClient(page, address);
  }

  override async send(query: string, variables: object = {}): Promise<Answer> {
    const { status, body } = answer.parse(await this.call('send', query, variables));
    return { status, headers: new Headers(), data: body.data, errors: body.errors };
  }

  /** Calls a function of the page. */
  async call(name: 'send' | 'create' | 'get' | 'canAutofill', ...args: readonly unknown[]): Promise<unknown> {
    return this.page.evaluate(`client.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`);
  }
}
