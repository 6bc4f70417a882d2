import { Tag } from 'antd'
import { unreadableWords, type ApiRecord } from '#model'

/** Beside a value that cannot be shown: it was erased, or its cipher text does not open. */
export function UnreadableMark({ record, field }: { record: ApiRecord; field: string }) {
  const why = record.unreadable?.[field]
  return why && <Tag color={why === 'damaged' ? 'error' : 'default'}>{unreadableWords[why]}</Tag>
}
