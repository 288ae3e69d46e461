import { ApolloServer, type GraphQLRequestContextWillSendResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type Logger } from 'pino';
import { chooseAnswerType } from './accepted-answers';
import { limitedAnswers } from './answer-size';
import { gatherLiteralErrors, variableCoercion } from './coercion';
import { fastExecutor } from './executor';
import { type Caller, type EdgeContext, type ServerOptions } from './edge';
import { formatErrors, logFailures } from './format-error';
import { type AnswerStep, operationSteps } from './operation-steps';
import { queryLimits, QueryLimiter } from './query-limiter';
import { closedIntrospection, fragmentCyclesFirst, refuseSubscriptions } from './refused-operations';
import { refusalStatus, type StatusLine, wholeRequestStatus } from './status';
import { answerPayload } from './written-answers';

/** Validation stops after so many errors: who writes a document mends them one by one anyway. */
const MAX_VALIDATION_ERRORS = 5;

/** Apollo Server, started, with everything that it would otherwise read from NODE_ENV or switch on by itself fixed. */
export async function startApollo<V extends Caller, C extends EdgeContext>({
  schema,
  log,
  explorer,
  queryLimits: limits,
  checks = [],
}: ServerOptions<V, C>): Promise<ApolloServer<C>> {
  const limiter = new QueryLimiter(schema, limits);
  const apollo = new ApolloServer<C>({
    gateway: fastExecutor(schema),
    // What it is told to send goes on to fastify unseen, which takes bytes as well.
    stringifyResult: answerPayload as (answer: FormattedExecutionResult) => string,
    logger: log,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    // The parser's work ends there, whatever the size of the body.
    parseOptions: { maxLexicalTokens: limits.tokens },
    validationRules: [fragmentCyclesFirst],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    // Apollo can only allow introspection to all or to none: `closedIntrospection` looks at who is asking.
    introspection: true,
    // The process stops in an order of its own, see `http.ts`.
    stopOnTerminationSignals: false,
    // What fails before there is a context; everything later is answered by `errorAnswers`.
    formatError: (_, error) => formatErrors([error])[0] ?? { message: 'Something went wrong on our side.' },
    plugins: [
      {
        ...operationSteps<C>({
          checks: [
            ...checks,
            refuseSubscriptions,
            chooseAnswerType,
            ...(explorer ? [] : [closedIntrospection<C>]),
            queryLimits(limiter),
            variableCoercion(explorer),
          ],
          answers: [errorAnswers({ log, hints: explorer, limiter }), limitedAnswers(limits.answerCharacters)],
          onInvalid: explorer ? () => undefined : takeHintsOut,
        }),
        unexpectedErrorProcessingRequest({ requestContext, error }) {
          logFailures(log, [error], requestContext.contextValue.requestId);
          return Promise.resolve();
        },
      },
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  return apollo;
}

/** What it takes to write errors. */
interface ErrorMeans {
  readonly log: Logger;
  readonly hints: boolean;
  readonly limiter: QueryLimiter;
}

/**
 * Writes the errors of every answer. It stands where Apollo has done all it does to errors, because only here are the
 * request's id, its document and its status at hand together.
 */
function errorAnswers<C extends EdgeContext>(means: ErrorMeans): AnswerStep<C> {
  return request => answerErrors(request, means);
}

/** Of names that are nearly those of the schema: who may not read it should not be told piece by piece. */
function takeHintsOut(errors: readonly Error[]): void {
  for (const error of errors) error.message = error.message.replace(/ ?Did you mean(.+?)\?$/, '');
}

function answerErrors<C extends EdgeContext>(
  sent: GraphQLRequestContextWillSendResponse<C>,
  { log, hints, limiter }: ErrorMeans,
): void {
  const { errors, schema, document, operation, request, response, contextValue } = sent;
  if (errors === undefined || errors.length === 0 || response.body.kind !== 'single') return;
  const explained =
    document === undefined ? errors : limiter.explainGivingUp(errors, { document, request, contextValue });
  const gathered = document === undefined ? errors : gatherLiteralErrors(explained, schema, document, hints);
  logFailures(log, gathered, contextValue.requestId);
  const { singleResult } = response.body;
  const formatted = formatErrors(gathered, contextValue.requestId);
  response.body.singleResult = { ...singleResult, errors: formatted };
  const wasExecuted = singleResult.data !== undefined;
  const line =
    wasExecuted && mayHaveWritten(operation, formatted)
      ? undefined
      : statusFor(singleResult, formatted, response.http.status);
  if (line === undefined) return;
  response.http.status = line.status;
  for (const [name, value] of Object.entries(line.headers)) response.http.headers.set(name, value);
}

/**
 * Whether something of a mutation that ended with errors may have been carried out: a status that invites to try again
 * would double it. Of several fields (a fragment may hold them) the first may have been; and what fails below a field, while
 * its answer is put together, fails after it was.
 */
function mayHaveWritten(
  operation: OperationDefinitionNode | undefined,
  errors: readonly GraphQLFormattedError[],
): boolean {
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  const { selections } = operation.selectionSet;
  const isOneField = selections.length === 1 && selections[0]?.kind === Kind.FIELD;
  return !isOneField || errors.some(({ path = [] }) => path.length > 1);
}

/** Undefined where what Apollo chose stands: 200 for an answer with data, 400 and 405 for its own refusals. */
function statusFor(
  { data }: FormattedExecutionResult,
  errors: readonly GraphQLFormattedError[],
  chosen: number | undefined,
): StatusLine | undefined {
  if (data === undefined) {
    const isRefusalOfApollo = chosen !== undefined && chosen >= 400 && chosen < 500;
    return isRefusalOfApollo ? wholeRequestStatus(errors) : refusalStatus(errors);
  }
  const isEmpty = data === null || Object.values(data).every(value => value === null);
  return isEmpty ? wholeRequestStatus(errors) : undefined;
}
