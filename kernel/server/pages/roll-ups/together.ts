import type { TotalValue } from '#model'

export type Row = Record<string, unknown> & { count: number }
/** Rows of the cells and rows beyond them as one, in the order of their keys; sums are added up exactly. */
export function together(groups: number, totals: number, ...parts: readonly Row[][]): Row[] {
  const found = new Map<string, Row>()
  for (const row of parts.flat()) {
    const id = JSON.stringify(Array.from({ length: groups }, (_, at) => row[`k${at}`] ?? null))
    const before = found.get(id)
    if (!before) found.set(id, { ...row })
    else {
      before.count += row.count
      for (let at = 0; at < totals; at++)
        before[`t${at}`] = added((before[`t${at}`] ?? null) as TotalValue, (row[`t${at}`] ?? null) as TotalValue)
    }
  }
  return [...found.values()].filter(({ count }) => count > 0 || groups === 0)
}
/** The sum of two numbers as text, exact; nothing and nothing is nothing. */
export function added(a: TotalValue, b: TotalValue): TotalValue {
  if (a === null) return b
  if (b === null) return a
  const digits = Math.max(...[a, b].map((one) => String(one).split('.')[1]?.length ?? 0))
  const scaled = (one: unknown) => BigInt(String(one).replace('.', '').padEnd(String(one).replace('.', '').length + digits - (String(one).split('.')[1]?.length ?? 0), '0')) // prettier-ignore
  const sum = scaled(a) + scaled(b)
  if (digits === 0) return String(sum)
  const text = String(sum < 0n ? -sum : sum).padStart(digits + 1, '0')
  return `${sum < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
