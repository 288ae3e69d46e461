/**
 * A place that somebody has shared, in words for those who only read the text: `Location: Town hall, -1.286389,
 * 36.817223`.
 */
export function locationText(
  latitude: number | string | null,
  longitude: number | string | null,
  names: readonly (string | null)[],
): string {
  if (latitude === null || longitude === null) return '';
  return `Location: ${[...present(names), `${latitude}, ${longitude}`].join(', ')}`;
}

/** A person whose card somebody has shared: `Contact: Ana Example, +254 700 000 001`. */
export function cardText(name: string | null, numbers: readonly (string | null)[]): string {
  const parts = present([name, ...numbers]);
  return parts.length === 0 ? '' : `Contact: ${parts.join(', ')}`;
}

function present(texts: readonly (string | null)[]): readonly string[] {
  return texts.filter(text => text !== null && text.trim() !== '') as readonly string[];
}
