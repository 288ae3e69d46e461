import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { RequiresScope } from '../../auth/access';
import { type Connection, type Edge, type PagePosition } from '../../platform/database/page';
import { PageInfo } from '../../platform/graphql/page-info.types';
import { type FailurePages } from '../failures/failure.pages';
import { type IntakeFailure } from '../failures/intake-failure.entity';
import { type DataProvider } from '../health/provider.health';
import { FailureListArguments } from './provider.arguments';
import {
  DataProviderObject,
  IntakeFailureConnection,
  IntakeFailureEdge,
  IntakeFailureObject,
} from './provider.types';

/** What the resolvers of providers need from a request. */
export interface ProviderContext {
  dataProviders(): Promise<readonly DataProvider[]>;
  readonly failures: FailurePages;
}

@Resolver()
export class ProviderResolver {
  @Query(() => [DataProviderObject], {
    description:
      'The data providers, in the order of the providers file, and how they fare. Needs the scope `providers:read`.',
  })
  @RequiresScope('providers:read')
  dataProviders(@Ctx() context: ProviderContext): Promise<readonly DataProvider[]> {
    return context.dataProviders();
  }

  @Query(() => IntakeFailureConnection, {
    description:
      'What data providers have delivered and could not be taken, newest first: nothing of it is lost, and it can be replayed ' +
      'once its cause is mended. Needs the scope `providers:read`.',
  })
  @RequiresScope('providers:read')
  intakeFailures(
    @Args(() => FailureListArguments) args: FailureListArguments,
    @Ctx() { failures }: ProviderContext,
  ): Connection<IntakeFailure> {
    return failures.list(args);
  }
}

/** A page loads when one of its fields is asked for, and counts only what is asked for. */
@Resolver(() => IntakeFailureConnection)
export class FailureConnectionResolver {
  @FieldResolver(() => [IntakeFailureEdge])
  edges(@Root() page: Connection<IntakeFailure>): Promise<readonly Edge<IntakeFailure>[]> {
    return page.edges();
  }

  @FieldResolver(() => [IntakeFailureObject])
  nodes(@Root() page: Connection<IntakeFailure>): Promise<readonly IntakeFailure[]> {
    return page.nodes();
  }

  @FieldResolver(() => PageInfo)
  pageInfo(@Root() page: Connection<IntakeFailure>): PagePosition {
    return page.pageInfo();
  }

  @FieldResolver(() => Int)
  totalCount(@Root() page: Connection<IntakeFailure>): Promise<number> {
    return page.totalCount();
  }
}
