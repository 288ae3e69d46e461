/** Documents as they are written to hurt; each builder says what makes it hard to answer. */

export function repeat(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join(' ');
}

/** @param opening with as many braces as are to be closed again. */
export function nest(levels: number, opening: string, core: string): string {
  const closing = '}'.repeat(opening.split('{').length - 1);
  return `${opening.repeat(levels)} ${core} ${closing.repeat(levels)}`;
}

export function message(selections: string): string {
  return `{ message(id: 1) { ${selections} } }`;
}

export function nested(levels: number, opening: string, core: string): string {
  return message(nest(levels, opening, core));
}

/** "A billion laughs": each fragment spreads the next one twice. */
export function laughs(levels: number, last: string, field?: string): string {
  const twice = (level: number) => {
    const spreads = `...L${level + 1} ...L${level + 1}`;
    return field === undefined ? spreads : `${field} { ${spreads} }`;
  };
  const fragments = repeat(levels, level => `fragment L${level} on Message { ${twice(level)} }`);
  return `${message('...L0')} ${fragments} fragment L${levels} on Message { ${last} }`;
}

/** Fragments in a ring, each of which leads to the next three. */
export function circles(count: number, spread: (index: number) => string): string {
  const next = (index: number) => repeat(3, step => spread((index + step + 1) % count));
  return `${message(spread(0))} ${repeat(count, index => `fragment C${index} on Message { ${next(index)} }`)}`;
}

export function pages(outer: string, inner: string): string {
  return `{ messages(${outer}) { nodes { replies(${inner}) { nodes { id } } } } }`;
}

export function filtersInside(levels: number): object {
  let filter: object = { q: 'a' };
  for (let level = 0; level < levels; level += 1) filter = { not: filter };
  return filter;
}
