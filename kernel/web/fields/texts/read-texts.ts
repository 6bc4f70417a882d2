import { kindOf, type Field, type NamedAnswer } from '#model'
import { api } from '../../api/client.ts'
import { targetOf } from '../../definitions/catalog.ts'

/** A cell as it is to be written. `problem` keeps it from being written; `text` is what was typed where it could not be understood. */
export interface ReadCell {
  value: unknown
  text?: string
  problem?: string
  /** What its writer should know; it may be written all the same. */
  notice?: string
}
const portion = 1000

type Named = NamedAnswer['found'][number]

/** What typed or pasted texts mean in their fields: read by the kind's own rule, references as an import finds them. */
export async function readTexts(asked: readonly { field: Field; text: string }[]): Promise<ReadCell[]> {
  const names = new Map<string, Set<string>>()
  for (const { field, text } of asked) {
    const target = targetOf(field)
    if (!target || !text.trim() || isMany(field)) continue
    const texts = names.get(target) ?? new Set()
    names.set(target, texts.add(text.trim()))
  }
  const found = new Map(
    await Promise.all([...names].map(async ([target, texts]) => [target, await recordsNamed(target, [...texts])] as const)),
  )
  return asked.map(({ field, text }) => readText(field, text, found))
}
const isMany = (field: Field): boolean => kindOf(field).schema(field)['type'] === 'array'

function readText(field: Field, given: string, found: ReadonlyMap<string, ReadonlyMap<string, Named>>): ReadCell {
  const text = given.trim()
  if (text === '') return field.required ? { value: null, text: given, problem: '必填，不能清空' } : { value: null }
  const target = targetOf(field)
  if (!target || isMany(field)) {
    const kind = kindOf(field)
    const parsed = kind.parse(text, field)
    const read = 'problem' in parsed || parsed.value === null ? parsed : kind.check(parsed.value, field)
    return 'problem' in read ? { value: null, text: given, problem: read.problem } : { value: read.value }
  }
  const named = found.get(target)?.get(text)
  return named && 'id' in named ? { value: named.id } : { value: null, text: given, problem: named?.problem ?? `没有找到“${text}”` }
}

async function recordsNamed(target: string, texts: readonly string[]): Promise<Map<string, Named>> {
  const all = new Map<string, Named>()
  for (let at = 0; at < texts.length; at += portion) {
    const asked = texts.slice(at, at + portion)
    const { found } = await api.post<NamedAnswer>(`/api/choices/${target}/named`, { texts: asked })
    for (const [i, text] of asked.entries()) all.set(text, found[i]!)
  }
  return all
}
