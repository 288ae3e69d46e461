import { type Delivery } from './provider.kinds';

/** A message of which nothing is known but what is told here. */
export function plainDelivery(told: Pick<Delivery, 'sender' | 'text'> & Partial<Delivery>): Delivery {
  return {
    recipient: null,
    title: null,
    sentAt: null,
    providerMessageId: null,
    inReplyTo: [],
    media: [],
    additionalData: {},
    ...told,
  };
}
