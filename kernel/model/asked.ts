/** What people type or choose travels in a header instead of the address: addresses are logged, kept and passed on. */
export const askedHeader = 'x-asked'
const names = new Set(['filter', 'search', 'marks', 'q'])

/** Parts a question in what may stand in its address, and the header's text; null when there is nothing of the kind. */
export function splitAsked<T>(query: Readonly<Record<string, T>> = {}): [plain: Record<string, T>, asked: string | null] {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const own = given.filter(([name]) => names.has(name))
  const asked = own.length ? encodeURIComponent(JSON.stringify(Object.fromEntries(own))) : null
  return [Object.fromEntries(given.filter(([name]) => !names.has(name))), asked]
}
/** The header's text as parts of the question; null when it is none. */
export function readAsked(text: string): Record<string, string> | null {
  try {
    const given: unknown = JSON.parse(decodeURIComponent(text))
    if (typeof given !== 'object' || given === null) return null
    const known = Object.entries(given).filter(([name]) => names.has(name))
    return known.every(([, value]) => typeof value === 'string') ? Object.fromEntries(known) : null
  } catch {
    return null
  }
}
