/** In a form or a query: far more than any service sends, and few enough to be sorted before the sender is known. */
const MAX_FIELDS = 1000;

/** What a form or a query holds: named texts in their order, some perhaps several times. */
export class Fields {
  static readonly none = new Fields([]);

  constructor(readonly entries: readonly (readonly [name: string, value: string])[]) {}

  /** @returns null where there are more than a thousand. */
  static of(entries: Fields['entries']): Fields | null {
    return entries.length > MAX_FIELDS ? null : new Fields(entries);
  }

  /** @returns null where there are more than a thousand. */
  static parse(text: string): Fields | null {
    if (text.split('&', MAX_FIELDS + 1).length > MAX_FIELDS) return null;
    // A question mark in front would be taken for the start of a query, and be lost.
    return new Fields([...new URLSearchParams(`&${text}`)]);
  }

  /** Every value of a field, in their order. */
  all(name: string): readonly string[] {
    return this.entries.filter(([other]) => other === name).map(([, value]) => value);
  }

  /** The value of a field that is there exactly once, else null. */
  only(name: string): string | null {
    const values = this.all(name);
    return values.length === 1 ? (values[0] ?? null) : null;
  }

  has(name: string): boolean {
    return this.entries.some(([other]) => other === name);
  }

  /** By name, for a schema: one text, or a list where a field came several times. */
  toObject(): Readonly<Record<string, string | readonly string[]>> {
    const byName = new Map<string, string[]>();
    for (const [name, value] of this.entries) {
      const values = byName.get(name);
      if (values === undefined) byName.set(name, [value]);
      else values.push(value);
    }
    return Object.fromEntries(
      [...byName].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')]),
    );
  }
}
