import { kindOf, type ChoicesAnswer, type Field } from '#model'
import { api } from '../../api/client.ts'
import type { Catalog } from '../../definitions/catalog.ts'
import { targetOf } from '../../definitions/catalog.ts'
import type { StagedCell } from './staged.ts'

const portion = 100
const mostSearched = 50

/** What typed or pasted texts mean in their fields: read by the kind's own rule, references by name, then by number. */
export async function readTexts(catalog: Catalog, asked: readonly { field: Field; text: string }[]): Promise<StagedCell[]> {
  const names = new Map<string, Set<string>>()
  for (const { field, text } of asked) {
    const target = targetOf(field)
    if (!target || !text.trim() || isMany(field)) continue
    const texts = names.get(target) ?? new Set()
    names.set(target, texts.add(text.trim()))
  }
  const found = new Map(
    await Promise.all([...names].map(async ([target, texts]) => [target, await recordsNamed(catalog, target, [...texts])] as const)),
  )
  return asked.map(({ field, text }) => readText(field, text, found))
}
const isMany = (field: Field): boolean => kindOf(field).schema(field)['type'] === 'array'

function readText(field: Field, given: string, found: ReadonlyMap<string, ReadonlyMap<string, string[]>>): StagedCell {
  const text = given.trim()
  if (text === '') return field.required ? { value: null, text: given, problem: '必填，不能清空' } : { value: null }
  const target = targetOf(field)
  if (!target || isMany(field)) {
    const kind = kindOf(field)
    const parsed = kind.parse(text, field)
    const read = 'problem' in parsed || parsed.value === null ? parsed : kind.check(parsed.value, field)
    return 'problem' in read ? { value: null, text: given, problem: read.problem } : { value: read.value }
  }
  const ids = found.get(target)?.get(text) ?? []
  if (ids.length === 1) return { value: ids[0] }
  const problem = ids.length ? `有 ${ids.length} 个叫“${text}”的，请在格内选择` : `没有找到“${text}”`
  return { value: null, text: given, problem }
}

/** Text → the records it may mean. */
async function recordsNamed(catalog: Catalog, target: string, texts: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const title = catalog.resource(target)?.title ?? 'name'
  for (let at = 0; at < texts.length; at += portion / 2) {
    const filter = JSON.stringify({ field: title, op: 'in', value: texts.slice(at, at + portion / 2) })
    const { options } = await api.get<ChoicesAnswer>(`/api/choices/${target}`, { filter, limit: portion })
    for (const { id, title: name } of options) found.set(name, [...(found.get(name) ?? []), id])
  }
  // What is no name may be a number or a code.
  for (const text of texts.filter((one) => !found.has(one)).slice(0, mostSearched)) {
    const { options } = await api.get<ChoicesAnswer>(`/api/choices/${target}`, { search: text, limit: 5 })
    if (options.length === 1) found.set(text, [options[0]!.id])
  }
  return found
}
