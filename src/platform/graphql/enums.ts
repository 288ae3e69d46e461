/** A TypeScript enum's shape made from a list of names, which is what TypeGraphQL registers. */
export function enumOf<Name extends string>(names: readonly Name[]): { readonly [N in Name]: N } {
  return Object.fromEntries(names.map(name => [name, name])) as { [N in Name]: N };
}
