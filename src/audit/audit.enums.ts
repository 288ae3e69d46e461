import { registerEnumType } from 'type-graphql';
import { enumOf } from '../platform/graphql/enums';
import { AUDIT_ACTIONS, AUDIT_ACTORS } from './audit.kinds';

export const AuditActionEnum = enumOf(AUDIT_ACTIONS);
registerEnumType(AuditActionEnum, {
  name: 'AuditAction',
  description: 'What became of a message.',
  valuesConfig: {
    CREATED: {
      description: 'It is new: by `createMessage`, in a batch, by a data provider, or by a script.',
    },
    CHANGED: { description: 'It was there, and at least one of its fields is another now.' },
    IMPORTED: { description: 'It came in by an import, with whatever history it had elsewhere.' },
  },
});

export const AuditActorEnum = enumOf(AUDIT_ACTORS);
registerEnumType(AuditActorEnum, {
  name: 'AuditActor',
  description: 'Who wrote a message.',
  valuesConfig: {
    TOKEN: { description: 'Whoever showed the token of `tokenId`; `heliograph token list` names it.' },
    ADMIN: { description: 'Whoever showed the ADMIN_TOKEN of the settings.' },
    ANONYMOUS: { description: 'A caller without a token, where the settings let one write.' },
    PROVIDER: { description: 'The data provider of `providerId`, by which the message came in.' },
    OPERATOR: { description: 'Somebody at the machine: a command such as `heliograph import`, or a script.' },
  },
});
