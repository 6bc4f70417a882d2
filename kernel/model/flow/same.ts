/** Whether two plain values hold the same, in whatever order their keys stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other
  const keys = Object.keys(one)
  const of = (value: object, key: string): unknown => (value as Record<string, unknown>)[key]
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(of(one, key), of(other, key)))
  )
}
