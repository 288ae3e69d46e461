import {
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { reachedBy } from '../../platform/server/selected-operation';
import { LOOKED_AT_FOR_STATUS } from '../rules/change.rules';
import { type Message } from '../message.entity';

export type MessageProperty = keyof Message;

/**
 * What of messages an operation asks for anywhere, as properties of the entity: a list reads these columns and no
 * others; a change of status, which is no more than that, these and the ones that its rules look at. The same set is
 * answered for the same operation each time.
 */
export function askedProperties({
  operation,
  fragments,
  schema,
}: GraphQLResolveInfo): ReadonlySet<MessageProperty> {
  const known = knownSets.get(operation);
  if (known !== undefined) return known;
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const;
  // By its id a message is known, by these two lists are ordered.
  const asked = new Set<MessageProperty>(['id', 'createdAt', 'updatedAt']);
  if (operation.operation === OperationTypeNode.MUTATION) {
    LOOKED_AT_FOR_STATUS.flatMap(propertiesOf).forEach(property => asked.add(property));
  }
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    Field({ name }) {
      if (types.getParentType()?.name === 'Message')
        propertiesOf(name.value).forEach(property => asked.add(property));
    },
  });
  for (const definition of reachedBy(document, operation)) visit(definition, visitor);
  knownSets.set(operation, asked);
  return asked;
}

/** For as long as the document is kept. */
const knownSets = new WeakMap<OperationDefinitionNode, ReadonlySet<MessageProperty>>();

/** What fields are made of, where that is not the property of the same name. */
const MADE_OF: Readonly<Record<string, readonly MessageProperty[]>> = {
  text: ['message'],
  label: ['title', 'message'],
  parent: ['parentId'],
  contact: ['contactId'],
  replies: [],
  history: [],
  schedule: ['scheduleId'],
  repeats: ['scheduleId'],
  __typename: [],
};

function propertiesOf(field: string): readonly MessageProperty[] {
  return MADE_OF[field] ?? [field as MessageProperty];
}
