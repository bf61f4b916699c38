import type { z } from 'zod';

import type { CaptchaProvider } from '../../flow/services/captchas.js';
import type { captchaWidget } from '../captcha-widget.js';
import type { CaptchaConfig } from './config.js';
import type { Puzzle } from './puzzles.js';

/** What clients are shown of a configuration, with a puzzle where it is ours. */
export function widgetOf(config: CaptchaConfig, puzzle: Puzzle | null): z.infer<typeof captchaWidget> {
  const { provider, interactive, action, scriptUrl } = config;
  const isOurs = provider === 'ALTCHA';
  const siteKey = isOurs ? null : config.siteKey;
  return {
    provider,
    siteKey,
    scriptUrl: scriptUrl ?? scriptOf(provider, siteKey),
    interactive,
    action: isOurs ? null : action,
    puzzle: puzzle?.puzzle ?? null,
    expiresAt: puzzle?.expiresAt ?? null,
  };
}

function scriptOf(provider: CaptchaProvider, siteKey: string | null): string | null {
  switch (provider) {
    case 'ALTCHA':
      return null;
    case 'TURNSTILE':
      return 'https://challenges.cloudflare.com/turnstile/v0/api.js';
    case 'HCAPTCHA':
      return 'https://js.hcaptcha.com/1/api.js';
    case 'RECAPTCHA_V2':
      return 'https://www.recaptcha.net/recaptcha/api.js';
    case 'RECAPTCHA_V3':
      return `https://www.recaptcha.net/recaptcha/api.js?render=${encodeURIComponent(siteKey ?? '')}`;
  }
}
