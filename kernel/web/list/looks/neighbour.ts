/** The record that stands before or after this one on the page; it is brought into sight. */
export function neighbourOf(within: HTMLElement | null, id: string | null, by: 1 | -1): string | null {
  const all = [...(within?.querySelectorAll<HTMLElement>('[data-record]') ?? [])]
  // A bar that goes over several weeks stands there several times, and is one record.
  const ids = [...new Set(all.map((one) => one.dataset['record']!))]
  const at = ids.indexOf(id ?? '')
  const next = at < 0 ? undefined : ids[at + by]
  if (next === undefined) return null
  all.find((one) => one.dataset['record'] === next)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  return next
}
