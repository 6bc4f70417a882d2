import { kindOf, stateLabels, type ApiRecord, type ClientResource, type RecordAnswer, type RecordState } from '#model'
import { Tag, type Tone } from '../parts/tag.tsx'

export function titleOfRecord(resource: ClientResource, { record, titles }: RecordAnswer): string {
  const field = resource.fields[resource.title]
  const value = record[resource.title]
  if (!field || value === null || value === undefined) return resource.label
  return kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? '') || resource.label
}

const tones: Record<RecordState, Tone> = { pending: 'warn', returned: 'bad', approved: 'good', refused: 'neutral' }
/** Where a record under approval stands; without an approval there is nothing to say. */
export function StateTag({ resource, record }: { resource: ClientResource; record: ApiRecord }) {
  if (record.deletedAt) return <Tag tone="neutral">已删除</Tag>
  return (
    <>
      {resource.approval && <Tag tone={tones[record.state]}>{stateLabels[record.state]}</Tag>}
      {record.fromPublicForm && <Tag tone="info">公开填写</Tag>}
    </>
  )
}
