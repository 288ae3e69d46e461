import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScope, type Scope } from '../../src/auth/scope.kinds';
import { loadDemo } from '../../src/demo/load-demo';
import { type Gateway, openGateway } from '../support/gateway';

export const FOLDER = join(__dirname, '../../examples');

export interface Example {
  readonly operation: string;
  readonly variables: object;
  /** Those that its comment names. */
  readonly scopes: readonly Scope[];
}

/** The names of all examples, without `.graphql`. */
export function exampleNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.graphql'))
    .map(file => file.replace('.graphql', ''));
}

export function readExample(name: string): Example {
  const operation = readFileSync(join(FOLDER, `${name}.graphql`), 'utf8');
  const [, scopes = ''] = /^# Scope: (.+)$/m.exec(operation) ?? [];
  return {
    operation,
    variables: JSON.parse(readFileSync(join(FOLDER, `${name}.variables.json`), 'utf8')) as object,
    scopes: scopes.split(', ').filter(isScope),
  };
}

/** A gateway over the sample messages that the examples speak of. */
export async function openDemoGateway(): Promise<Gateway> {
  const gateway = await openGateway();
  await loadDemo(gateway.database, gateway.clock);
  return gateway;
}

export async function tokenWith(gateway: Gateway, scopes: readonly Scope[]): Promise<string> {
  const { token } = await gateway.tokens.create({ name: 'example', scopes, expiresAt: null });
  return token;
}
