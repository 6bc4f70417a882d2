import { amongOf, choiceFilterOf, ownFieldsOf, withChoices, type Field, type Fields } from '#model'
import { idsFitting } from '../../fields/ids-fitting.ts'
import type { ReadCell } from '../../fields/texts/read-texts.ts'

/** A cell that was typed or pasted: its row, its field, and what else the row holds. */
interface Typed {
  row: string
  key: string
  field: Field
  own: (key: string) => unknown
}
const mostQuestions = 20

/** Marks references that do not fit what else stands in their row, pasted together with them or there before. What would take too many questions is left to the server, which asks when it writes. */
export async function fittingCells(typed: readonly Typed[], cells: readonly ReadCell[], fields: Fields): Promise<ReadCell[]> {
  const entered = new Map(typed.map(({ row, key }, i) => [`${row} ${key}`, cells[i]!]))
  const questions = new Map<string, { field: Field; at: number[] }>()
  for (const [i, { row, field, own }] of typed.entries()) {
    const declared = 'target' in field.options ? choiceFilterOf(field) : null
    if (!declared || cells[i]!.problem || cells[i]!.value === null) continue
    const bound = withChoices(field, (key) => entered.get(`${row} ${key}`)?.value ?? own(key) ?? null)
    const question = JSON.stringify([(field.options as { target: string }).target, amongOf(bound)])
    questions.set(question, { field: bound, at: [...(questions.get(question)?.at ?? []), i] })
  }
  const answer = [...cells]
  if (questions.size > mostQuestions) return answer
  for (const { field, at } of questions.values()) {
    const ids = at.flatMap((i) => cells[i]!.value as string | string[])
    const fitting = await idsFitting(field, ids)
    for (const i of at) {
      if ([cells[i]!.value].flat().every((id) => fitting.has(id as string))) continue
      const grounds = ownFieldsOf(choiceFilterOf(typed[i]!.field)!).flatMap((key) => fields[key]?.label ?? [])
      answer[i] = { ...cells[i]!, problem: grounds.length ? `与${grounds.map((label) => `“${label}”`).join('、')}不符` : '不在可选范围内' }
    }
  }
  return answer
}
