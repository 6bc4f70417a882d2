// Applied in these names before the rule; a name that was applied is never changed.
const known = new Set(['005-exchange.sql', '005-seals.sql'])

/** Migrations in order; refuses a name without a number and two of one number, whose order would be left to the alphabet. */
export function inOrder(files: readonly string[], where: string): string[] {
  const sorted = files.filter((file) => file.endsWith('.sql')).sort()
  const first = new Map<string, string>()
  for (const file of sorted) {
    const number = /^(\d{3})-/.exec(file)?.[1]
    if (!number) throw new Error(`${where}${file}: a migration begins with three digits and a hyphen`)
    const other = first.get(number)
    if (other && !(known.has(other) && known.has(file))) throw new Error(`${where}${file}: ${other} has number ${number} already`)
    first.set(number, file)
  }
  return sorted
}
