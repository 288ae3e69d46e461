import { registerEnumType } from 'type-graphql';
import { enumOf } from '../../platform/graphql/enums';
import { CONTACT_TYPES } from '../contact.kinds';
import { CONTACT_ORDER_FIELDS } from '../contact.order';

export const ContactTypeEnum = enumOf(CONTACT_TYPES);
registerEnumType(ContactTypeEnum, {
  name: 'ContactType',
  description:
    'By what kind of address a contact is reached. Two contacts of one type never have the same address.',
  valuesConfig: {
    PHONE: {
      description:
        'A phone number, or the name or short code of a service that sends from one. Numbers are the same however they are written.',
    },
    EMAIL: { description: 'A mail address; the case of its domain does not matter.' },
    WHATSAPP: { description: 'A phone number on WhatsApp.' },
    TELEGRAM: { description: 'A chat on Telegram.' },
    DISCORD: { description: 'A user on Discord.' },
    OTHER: { description: 'Anything else, and whoever is known by an id alone.' },
  },
});

export const ContactOrderFieldEnum = enumOf(CONTACT_ORDER_FIELDS);
registerEnumType(ContactOrderFieldEnum, {
  name: 'ContactOrderField',
  description: 'What a list of contacts is ordered by. The id breaks ties, in the same direction.',
  valuesConfig: {
    ID: { description: 'By `id`, by Unicode code point.' },
    CREATED_AT: { description: 'By `createdAt`.' },
    UPDATED_AT: { description: 'By `updatedAt`. A contact that changes while you page moves in this order.' },
    NAME: {
      description:
        'By `name`, by Unicode code point, those without it last. Unlike the others it has no index: each page sorts all that ' +
        'the filter leaves, so that it suits lists that a filter narrows.',
    },
  },
});
