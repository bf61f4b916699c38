/** A GraphQL answer as it came over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of the data is what it asserts.
  readonly data: any;
  readonly errors: readonly GraphQLProblem[];
}

export interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [key: string]: unknown };
}

/** Talks to the service as a client does: documents over HTTP, cookies kept as a browser keeps them. */
export class TestClient {
  readonly cookies = new Map<string, string>();
  bearer: string | undefined;

  constructor(
    private readonly base: string,
    private readonly address?: string,
  ) {}

  async send(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.post(JSON.stringify({ query, variables }), headers);
    const body: { data?: unknown; errors?: GraphQLProblem[] } = JSON.parse(await response.text());
    return { status: response.status, headers: response.headers, data: body.data, errors: body.errors ?? [] };
  }

  /** Like `send`, for what must succeed: fails loudly where there are errors. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of the data is what it asserts.
  async ok(query: string, variables: object = {}): Promise<any> {
    const { data, errors } = await this.send(query, variables);
    if (errors.length > 0) throw new Error(`expected no errors, got ${JSON.stringify(errors)}`);
    return data;
  }

  async post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    const response = await fetch(`${this.base}/graphql`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...(this.address !== undefined && { 'x-forwarded-for': this.address }),
        ...(this.cookies.size > 0 && { cookie: this.cookieHeader() }),
        ...(this.bearer !== undefined && { authorization: `Bearer ${this.bearer}` }),
        ...headers,
      },
    });
    this.#keepCookies(response);
    return response;
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
