import { amongOf, type ChoicesAnswer, type Field } from '#model'
import { api } from '../api/client.ts'

/** Which of these records the field offers; all of them where it limits nothing. The field's choices are bound to its record. */
export async function idsFitting(field: Field, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const filter = amongOf(field)
  if (!filter || ids.length === 0) return new Set(ids)
  const asked = [...new Set(ids)]
  const both = JSON.stringify({ and: [{ field: 'id', op: 'in', value: asked }, filter] })
  const { target } = field.options as { target: string }
  const { options } = await api.get<ChoicesAnswer>(`/api/choices/${target}`, { filter: both, limit: asked.length })
  return new Set(options.map(({ id }) => id))
}
