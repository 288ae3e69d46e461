import { type Logger } from 'pino';
import { type Clock } from './platform/clock';
import { type Config } from './platform/config';
import { type Database } from './platform/database/database';
import { type RawRoutes } from './platform/server/raw-route';
import { FailureStore } from './providers/failures/failure.store';
import { Retention } from './providers/failures/retention';
import { ProviderTallies } from './providers/health/provider-tallies';
import { HookIntake } from './providers/intake/hook.intake';
import { Intake } from './providers/intake/intake';
import { intakeRoutes } from './providers/intake/intake.route';
import { Mailboxes } from './providers/intake/mailboxes';
import { type ConfiguredProvider } from './providers/kind';
import { Seal } from './providers/raws/seal';

export interface IntakeOptions {
  readonly database: Database;
  readonly config: Pick<Config, 'publicUrl' | 'intakeKey' | 'intakeRetentionDays' | 'executionTimeoutMs'>;
  readonly providers: readonly ConfiguredProvider[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** The way of incoming messages into the store, built and connected, not yet fetching. */
export interface IntakeEdge {
  readonly routes: RawRoutes;
  start(): void;
  /** To be called when no request runs any more, and while the store is still open. */
  stop(): Promise<void>;
}

export function openIntake({ database, config, providers, clock, log }: IntakeOptions): IntakeEdge {
  const { publicUrl, intakeKey, intakeRetentionDays, executionTimeoutMs } = config;
  const seal = new Seal(intakeKey);
  const tallies = new ProviderTallies(database);
  const intake = new Intake({ database, seal, clock, log, tallies });
  const hooks = new HookIntake({ providers, intake, clock, log, tallies });
  const mailboxes = new Mailboxes({ providers, intake, database, clock, log, executionTimeoutMs });
  const retention = new Retention(new FailureStore(database, seal), clock, log, intakeRetentionDays);
  return {
    routes: intakeRoutes(hooks, publicUrl),
    start: () => {
      retention.start();
      mailboxes.start();
    },
    stop: async () => {
      await mailboxes.stop();
      await retention.stop();
      await tallies.stop();
    },
  };
}
