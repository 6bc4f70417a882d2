import { kindOf, type ApiRecord, type ChangeManyAnswer, type ClientResource, type Field, type WriteManyAnswer } from '#model'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { api, newId } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { useSending } from '../approvals/use-sending.tsx'
import { isComputed } from '../form/form-store.ts'
import { changesIn, FieldEntries, noEntry, type FieldEntry } from './field-entries.tsx'

interface Props {
  resource: ClientResource
  rows: readonly ApiRecord[]
  onDone: (answer: ChangeManyAnswer) => void
  onClose: () => void
}
/** What one value can be set of in many records: lines, papers and computed values are each record's own. */
const isCommon = (resource: ClientResource, key: string, field: Field): boolean =>
  !isComputed(field) && !resource.readOnly.includes(key) && !resource.masked.includes(key) && !kindOf(field).isOwn // prettier-ignore

/** The same change of many records: fields and values; under approval one request with its reason, else written at once, each record by itself. */
export function BatchChange({ resource, rows, onDone, onClose }: Props) {
  const [entries, setEntries] = useState<readonly FieldEntry[]>([noEntry])
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const [actId] = useState(newId)
  const { sent, asking } = useSending(`变更 ${rows.length} 条${resource.label}`)
  const isGuarded = resource.approval !== undefined
  const fields = Object.fromEntries(Object.entries(resource.fields).filter(([key, field]) => isCommon(resource, key, field)))
  /** What a field will hold in all of them, where that is the same: what is offered for others depends on it. */
  const common = (own: string): unknown => {
    const [first = null, ...others] = new Set(rows.map((row) => row[own] ?? null))
    return others.length ? null : first
  }
  async function send() {
    const changes = changesIn(entries)
    if (!Object.keys(changes).length) return setProblem('请选择要变更的项目')
    if (isGuarded && !reason.trim()) return setProblem('请填写变更的理由')
    setSending(true)
    try {
      if (isGuarded) {
        const records = rows.map((row) => ({ id: row.id, seenVersion: row.version, changes }))
        onDone(
          await sent((further) =>
            api.post<ChangeManyAnswer>(`/api/flows/change-many/${resource.name}`, { actId, reason, records, ...further }),
          ),
        )
      } else onDone({ results: await written(resource.name, rows, changes) })
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.fieldProblems[0]?.message ?? error.message) : messageOf(error))
      setSending(false)
    }
  }
  return (
    <Modal
      open
      title={`${isGuarded ? '申请变更' : '修改'}选中的 ${rows.length} 条${resource.label}`}
      okText={isGuarded ? '提交申请' : `修改 ${rows.length} 条`}
      okButtonProps={{ loading: isSending }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      {asking}
      <div className="x-batch-change">
        <FieldEntries id="batch" fields={fields} entries={entries} onChange={setEntries} valueOf={common} />
        {isGuarded && (
          <label>
            理由
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 5 }}
              maxLength={500}
              value={reason}
              placeholder="必填，审批人据此判断"
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        )}
        {problem && (
          <p className="x-problem" role="alert">
            {problem}
          </p>
        )}
        <p className="x-faint">
          {isGuarded
            ? '由同一批人审批的记录合为一份申请，批准后一起生效；不能申请的记录逐条说明原因。'
            : '逐条保存；不能修改的记录逐条说明原因，其余照常保存。'}
        </p>
      </div>
    </Modal>
  )
}

const portion = 500
async function written(
  resource: string,
  rows: readonly ApiRecord[],
  changes: Record<string, unknown>,
): Promise<ChangeManyAnswer['results']> {
  const results: ChangeManyAnswer['results'] = []
  for (let at = 0; at < rows.length; at += portion) {
    const records = rows.slice(at, at + portion).map(({ id, version }) => ({ id, version, changes }))
    const answer = await api.patch<WriteManyAnswer>(`/api/records/${resource}`, { records })
    for (const { record, ok, message, problems } of answer.results)
      results.push({ record, ok, instance: null, message: problems[0]?.message ?? message })
  }
  return results
}
