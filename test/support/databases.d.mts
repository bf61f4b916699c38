export function createDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }>;
