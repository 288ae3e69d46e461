import { type MessageContext } from './messages/message.context';

/** What resolvers are handed with each request: the slices of all subjects together. */
export type Context = MessageContext;
