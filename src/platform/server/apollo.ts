import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { type Logger } from 'pino';
import { unauthenticated } from '../errors';
import { gatherLiteralErrors, variableCoercion } from './coercion';
import { type Caller, type EdgeContext, type ServerOptions } from './edge';
import { formatErrors, logFailures } from './format-error';
import { reachedBy } from './selected-operation';
import { refusalStatus, type StatusLine, wholeRequestStatus } from './status';

/** A hundred fields with their arguments; the parser's work ends here, whatever the size of the body. */
const MAX_TOKENS = 1_000;

/** Validation stops after so many errors: who writes a document mends them one by one anyway. */
const MAX_VALIDATION_ERRORS = 5;

/** Apollo Server, started, with everything that it would otherwise read from NODE_ENV or switch on by itself fixed. */
export async function startApollo<V extends Caller, C extends EdgeContext>({
  schema,
  log,
  explorer,
  plugins = [],
}: ServerOptions<V, C>): Promise<ApolloServer<C>> {
  const apollo = new ApolloServer<C>({
    schema,
    logger: log,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    hideSchemaDetailsFromClientErrors: !explorer,
    // Apollo can only allow introspection to all or to none: `closedIntrospection` looks at who is asking.
    introspection: true,
    // The process stops in an order of its own, see `http.ts`.
    stopOnTerminationSignals: false,
    // What fails before there is a context; everything later is answered by `errorAnswers`.
    formatError: (_, error) => formatErrors([error])[0] ?? { message: 'Something went wrong on our side.' },
    plugins: [
      ...plugins,
      refuseSubscriptions(),
      ...(explorer ? [] : [closedIntrospection<C>()]),
      variableCoercion(explorer),
      errorAnswers(log, explorer),
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

/** Apollo would answer them with INTERNAL_SERVER_ERROR. */
function refuseSubscriptions<C extends EdgeContext>(): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ operation }) =>
          operation?.operation === OperationTypeNode.SUBSCRIPTION
            ? Promise.reject(
                new GraphQLError('Subscriptions are not served over plain requests.', {
                  extensions: { code: 'BAD_REQUEST' },
                }),
              )
            : Promise.resolve(),
      }),
  };
}

/** Introspection for holders of a token only. */
function closedIntrospection<C extends EdgeContext>(): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document, operation, contextValue }) {
          const isOpen = operation === undefined || !contextValue.viewer.isAnonymous;
          return isOpen || !introspects(document, operation)
            ? Promise.resolve()
            : Promise.reject(unauthenticated());
        },
      }),
  };
}

function introspects(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const names = new Set<string>();
  for (const definition of reachedBy(document, operation)) {
    visit(definition, {
      Field({ name }) {
        names.add(name.value);
      },
    });
  }
  return names.has('__schema') || names.has('__type');
}

/**
 * Writes the errors of every answer. It stands where Apollo has done all it does to errors, because only here are the
 * request's id, its document and its status at hand together.
 */
function errorAnswers<C extends EdgeContext>(log: Logger, hints: boolean): ApolloServerPlugin<C> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse(request) {
          answerErrors(request, log, hints);
          return Promise.resolve();
        },
      }),
    unexpectedErrorProcessingRequest({ requestContext, error }) {
      logFailures(log, [error], requestContext.contextValue.requestId);
      return Promise.resolve();
    },
  };
}

function answerErrors<C extends EdgeContext>(
  { errors, schema, document, operation, response, contextValue }: GraphQLRequestContextWillSendResponse<C>,
  log: Logger,
  hints: boolean,
): void {
  if (errors === undefined || errors.length === 0 || response.body.kind !== 'single') return;
  const gathered = document === undefined ? errors : gatherLiteralErrors(errors, schema, document, hints);
  logFailures(log, gathered, contextValue.requestId);
  const { singleResult } = response.body;
  const formatted = formatErrors(gathered, contextValue.requestId);
  response.body.singleResult = { ...singleResult, errors: formatted };
  const wasExecuted = singleResult.data !== undefined;
  const line =
    wasExecuted && writesSeveral(operation)
      ? undefined
      : statusFor(singleResult, formatted, response.http.status);
  if (line === undefined) return;
  response.http.status = line.status;
  for (const [name, value] of Object.entries(line.headers)) response.http.headers.set(name, value);
}

/** Of several mutations the first may have been carried out: a status that invites to try again would double it. */
function writesSeveral(operation: OperationDefinitionNode | undefined): boolean {
  return operation?.operation === OperationTypeNode.MUTATION && operation.selectionSet.selections.length > 1;
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
