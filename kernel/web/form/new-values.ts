// What a new form begins with: defaults, what the address gives, what an old request gives.
import { isMomentWord, isProtected, kindOf, type ClientResource, type Field, type MomentWord } from '#model'

/** What a new request takes over from an old one: what people write, never numbers, signatures or ids of lines. */
export function copyable(resource: ClientResource, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(resource.fields).filter(
    ([key, field]) => !field.readOnly && !kindOf(field).notCopied && record[key] != null && !resource.masked.includes(key),
  )
  return Object.fromEntries(
    fields.map(([key, field]) => [
      key,
      field.kind === 'rows'
        ? (record[key] as Record<string, unknown>[]).map((row) =>
            Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'id' && !resource.masked.includes(`${key}.${column}`))),
          )
        : record[key],
    ]),
  )
}

/** `words`: what the day, the person and his unit are called in declarations. */
export function defaultsOf(fields: Readonly<Record<string, Field>>, words: Partial<Record<MomentWord, unknown>>): Record<string, unknown> {
  const given = Object.entries(fields).filter(([, field]) => field.default !== undefined)
  return Object.fromEntries(
    given.map(([key, field]) => {
      return [key, isMomentWord(field, field.default) ? (words[field.default] ?? null) : field.default]
    }),
  )
}
/** `?practitioner=<id>`: a link from a person's file opens the form with the person in it; `?on=2026-11-05` from a calendar with the day. */
export function givenIn(search: string, resource: ClientResource): Record<string, unknown> {
  const given = [...new URLSearchParams(search)].filter(([key]) => resource.fields[key] && !isProtected(resource.fields[key]))
  return Object.fromEntries(given.map(([key, text]) => [key, fromText(resource.fields[key]!, text)]))
}
/** What is no text travels as JSON. */
function fromText(field: Field, text: string): unknown {
  if (kindOf(field).schema(field)['type'] === 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
