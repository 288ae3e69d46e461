import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `work` with a folder of its own, which is gone afterwards, even if it is interrupted. */
export async function withTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heliograph-bench-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  const interrupt = (): never => process.exit(130);
  process.once('exit', dispose).once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await work(folder);
  } finally {
    process.removeListener('exit', dispose);
    dispose();
  }
}
