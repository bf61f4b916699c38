import { Secret } from '../../kernel/secret.js';
import type { StageDefinition } from '../../flow/definition.js';
import { sealedSecret } from '../../flow/sealed-secret.js';
import { mapReferenceValues } from '../../stages/configuration.js';
import type { StageKindDefinition } from '../../stages/define.js';
import type { ReferenceTarget } from '../../stages/reference.js';
import { secretFields, secretsToldOthers } from '../../stages/secret.js';
import { referenceValue, secretValue } from '../document.js';
import type { Path } from '../problem.js';
import type { Draft } from './draft.js';
import type { Symbols } from './symbols.js';

interface ReferencedAs {
  readonly to: ReferenceTarget;
  readonly kinds?: readonly string[];
}

/** Puts ids in the place of names, and secrets in the place of theirs, in the configuration of one stage. */
export class ConfigReading {
  /** What the operator has configured, by the field that the document puts it in. */
  readonly #configured = new Map<string, Secret>();

  constructor(
    private readonly draft: Draft,
    private readonly symbols: Symbols,
    private readonly kind: StageKindDefinition,
    private readonly present: StageDefinition | undefined,
    private readonly path: Path,
  ) {}

  /** The configuration as it is to be kept: what is not mentioned is as it was. */
  read(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const named = mapReferenceValues(this.kind, config, (value, meta, within) =>
      this.#referenced(value, meta, [...this.path, ...within]),
    );
    const before = this.present?.config ?? {};
    const secrets = secretFields(this.kind.config).flatMap((field): [string, unknown][] => {
      const value = named[field];
      return value == null ? [] : [[field, this.#secret(field, value, [...this.path, field])]];
    });
    const wanted = { ...before, ...named, ...Object.fromEntries(secrets) };
    // Whoever is told a secret newly may be told what is configured, never what somebody else has put there.
    const told = secretsToldOthers(this.kind.config, before, wanted);
    const anew = told.flatMap(({ path }): [string, string][] => {
      const configured = this.#configured.get(path);
      return configured ? [[path, configured.reveal()]] : [];
    });
    return { ...wanted, ...Object.fromEntries(anew) };
  }

  #referenced(value: unknown, { to, kinds }: ReferencedAs, path: Path): string {
    const parsed = referenceValue.safeParse(value);
    if (!parsed.success) {
      return this.#refused(path, 'INVALID', `Must be { ref: ${to}:NAME }, where NAME is what it is called.`);
    }
    const { ref } = parsed.data;
    const colon = ref.indexOf(':');
    const [type, name] = [ref.slice(0, colon), ref.slice(colon + 1)];
    if (type !== to) return this.#refused(path, 'WRONG_KIND', `What is named here must be a ${to}.`);
    const kind = to === 'stage' ? this.symbols.kindOfStage(name) : undefined;
    const id = this.symbols.resolve(to, name, path);
    if (kinds && kind !== undefined && !kinds.includes(kind)) {
      return this.#refused(
        path,
        'WRONG_KIND',
        `Must be a stage of the kind ${kinds.join(' or ')}; ${name} is ${kind}.`,
      );
    }
    return id;
  }

  /** A secret that is not configured stays what it is, where there is one. */
  #secret(field: string, value: unknown, path: Path): unknown {
    const parsed = secretValue.safeParse(value);
    if (!parsed.success) {
      return this.#refused(
        path,
        'INVALID',
        'A document holds no secrets: write { secret: NAME }, and have the operator configure it.',
      );
    }
    const { secret: name } = parsed.data;
    const kept = sealedSecret.safeParse(this.present?.config[field]).data;
    const found = this.draft.scene.secret(name);
    if (found instanceof Secret) {
      this.#configured.set(field, found);
      const isKept = kept && (this.draft.scene.keepsSecrets || this.#isSame(kept, field, found));
      return isKept ? kept : found.reveal();
    }
    if (kept) return kept;
    return found === 'MISSING'
      ? this.#refused(
          path,
          'SECRET_MISSING',
          `The secret ${name} is not configured: set STAGEDOOR_BLUEPRINT_SECRET_${name}.`,
        )
      : this.#refused(path, 'FORBIDDEN', 'Only superusers may have secrets of the operator put into stages.');
  }

  #isSame(kept: { readonly sealed: string }, field: string, secret: Secret): boolean {
    const { present, draft } = this;
    const opened = present && draft.scene.parts.stageSecrets.open(kept, { stageId: present.id, field });
    return opened?.reveal() === secret.reveal();
  }

  /** An id that is nobody's, so that the rest of the configuration is checked as well. */
  #refused(
    path: Path,
    code: 'INVALID' | 'WRONG_KIND' | 'SECRET_MISSING' | 'FORBIDDEN',
    message: string,
  ): string {
    this.draft.refuse(path, code, message);
    return this.draft.scene.parts.newId();
  }
}
