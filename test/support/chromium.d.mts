export function provideChromium(): string | undefined;
