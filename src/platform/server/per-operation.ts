import { type DocumentNode, type OperationDefinitionNode } from 'graphql';

/**
 * Finds something out about an operation once, for as long as its document is kept: apps send few documents very often,
 * and Apollo hands out the same one for the same text. Walking over a document takes as long as reading a message.
 * @param find must ask for nothing but the document, and for what is the same in every call, such as the schema.
 */
export function perOperation<Found extends object, Fixed extends readonly unknown[]>(
  find: (document: DocumentNode, operation: OperationDefinitionNode, ...fixed: Fixed) => Found,
): (document: DocumentNode, operation: OperationDefinitionNode, ...fixed: Fixed) => Found {
  const known = new WeakMap<OperationDefinitionNode, Found>();
  return (document, operation, ...fixed) => {
    let found = known.get(operation);
    if (found === undefined) {
      found = find(document, operation, ...fixed);
      known.set(operation, found);
    }
    return found;
  };
}
