import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ADMIN_TOKEN, GATEWAY, gatewayEnvironment } from '../gateway';
import { type Peer } from '../peers';

/** Starts a gateway on a store of PostgreSQL, which several may share. */
export async function startGateway(databaseUrl: string): Promise<Peer> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [GATEWAY, 'serve'], {
    env: { ...gatewayEnvironment(''), DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const killIt = (): unknown => child.kill('SIGKILL');
  process.once('exit', killIt);
  const url = await addressOf(child);
  return {
    name: 'heliograph',
    url,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    stop: async () => {
      process.removeListener('exit', killIt);
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /listens on (\S+)\s/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error('The gateway ended before it listened.')));
  });
}
