/** What a select offers, out of a table of words. */
export const optionsOf = <T extends string>(words: Readonly<Record<T, string>>, of: readonly T[] = Object.keys(words) as T[]) =>
  of.map((value) => ({ value, label: words[value] }))
