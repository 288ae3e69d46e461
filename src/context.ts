import { type MessageContext } from './messages/message.context';

/** What resolvers are handed with each request: the slices of all subjects together. */
export interface Context extends MessageContext {
  /** What the log and an INTERNAL_SERVER_ERROR name the request by. */
  readonly requestId: string;
}
