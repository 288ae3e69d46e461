import { type ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Allowance } from '../allowance';
import { Deadline } from '../deadline';
import { ReadingBudget } from '../reading-budget';
import { admit } from './admission';
import { type Caller, type EdgeContext, type RequestInfo, type ServerOptions } from './edge';
import { sendPage, wantsPage } from './explorer';
import { OVERLOADED } from './gate';
import { GRAPHQL_PATH } from './http-answer';
import { type RequestRoom } from './request-room';

const CONTEXT = 'graphqlContext';

/**
 * The API's route. A request is refused unread when there is no hope of a place; then it is known who asks, and that
 * they may ask now; then its body is read, which holds no place however slowly it comes; then it enters the gate and
 * runs against its deadline; its place is free when its work has ended and its answer is taken. A caller who leaves
 * while its request runs does not end the work, so the place stays taken until then.
 */
export async function graphqlRoute<V extends Caller, C extends EdgeContext>(
  app: FastifyInstance,
  apollo: ApolloServer<C>,
  options: ServerOptions<V, C>,
  { gate, bodies, deliveries }: RequestRoom,
): Promise<void> {
  const admission = await admit<V>(app, options);
  app.decorateRequest(CONTEXT, null);
  const answer = fastifyApolloHandler(apollo, {
    context: request => Promise.resolve(request.getDecorator<C>(CONTEXT)),
  });

  async function run(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const allowance: Allowance = {
      deadline: Deadline.in(options.executionTimeoutMs),
      budget: new ReadingBudget(options.queryLimits.readCharacters),
      lagging: null,
    };
    const info: RequestInfo = { requestId: request.id, address: request.ip };
    // Made here and not by Apollo, so that what goes wrong is answered under the request's id.
    request.setDecorator(CONTEXT, await options.contextFor(admission.viewerOf(request), info, allowance));
    return answer.call(app, request, reply);
  }

  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    config: { rateLimit: admission.rateLimit },
    onRequest: [(_, __, done) => done(gate.isFull ? OVERLOADED : undefined), admission.authenticate],
    preParsing: (request, _, payload, done) => {
      bodies.take(request, request.headers);
      done(null, payload);
    },
    // Every request comes by here, even one whose caller is gone.
    onSend: (request, _, payload, done) => {
      bodies.release(request);
      done(null, payload);
    },
    async handler(request, reply) {
      if (options.explorer && wantsPage(request)) return sendPage(reply, options.examples);
      const leave = await gate.enter(reply.raw);
      try {
        return await run(request, reply);
      } finally {
        deliveries.watch(reply.raw, leave);
      }
    },
  });
}
