import type { Filter, FormatRule, ListAnswer } from '#model'

/** What stands out of a record: at a column, or (null) as a whole. The first rule that holds there. */
export type Format = (id: string, at: string | null) => FormatRule | undefined

/** The server says of each record which rules hold: there is one place where conditions are judged. */
export const marksAsked = (rules: readonly FormatRule[]): readonly Filter[] | undefined =>
  rules.length ? rules.map(({ when }) => when) : undefined

export function formatter(rules: readonly FormatRule[], pages: readonly Pick<ListAnswer, 'marks'>[]): Format {
  if (rules.length === 0) return () => undefined
  const marks = new Map(pages.flatMap((page) => Object.entries(page.marks ?? {})))
  return (id, at) => {
    const found = marks.get(id)?.find((i) => rules[i]?.at === at)
    return found === undefined ? undefined : rules[found]
  }
}
