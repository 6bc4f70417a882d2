import type { ClientResource, TimelineAnswer } from '#model'
import { DatePicker, Modal } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useMe } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { DisplayOf } from '../fields/index.ts'
import { changesIn, FieldEntries, noEntry, type FieldEntry } from '../list/field-entries.tsx'

interface Props {
  resource: ClientResource
  answer: TimelineAnswer
  onClose: () => void
  onGive: (on: string, changes: Record<string, unknown>) => Promise<void>
}
/** A change that holds from a day on: a coming one is planned, a past one corrects what held since. */
export function ChangeSince({ resource, answer, onClose, onGive }: Props) {
  const { today } = useMe()
  const [on, setOn] = useState(today)
  const [entries, setEntries] = useState<readonly FieldEntry[]>([noEntry])
  const [problem, setProblem] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const held = answer.stretches.findLast(({ from }) => from === null || from <= on)
  const fields = Object.fromEntries(
    answer.fields.flatMap((key) => (resource.fields[key] && !resource.readOnly.includes(key) ? [[key, resource.fields[key]]] : [])),
  )
  const next = answer.stretches.find(({ from, changed }) => from !== null && from > on && changed.some((key) => entries.some((entry) => entry.key === key)))
  async function give() {
    const changes = changesIn(entries)
    if (!Object.keys(changes).length) return setProblem('请选择变动的项目')
    setSending(true)
    try {
      await onGive(on, changes)
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.fieldProblems[0]?.message ?? error.message) : messageOf(error))
      setSending(false)
    }
  }
  return (
    <Modal open title="登记变动" okText="登记" okButtonProps={{ loading: isSending }} onOk={() => void give()} onCancel={onClose}>
      <div className="x-since-change">
        <label>
          生效日期
          <DatePicker
            aria-label="生效日期"
            value={dayjs(on)}
            allowClear={false}
            onChange={(day) => day && setOn(day.format('YYYY-MM-DD'))}
            style={{ width: '100%' }}
          />
        </label>
        <FieldEntries
          id="since"
          fields={fields}
          entries={entries}
          onChange={setEntries}
          valueOf={(key) => held?.values[key] ?? null}
          hint={(key) => (
            <small className="x-faint">
              {on} 时为{' '}
              {held?.values[key] === null || held?.values[key] === undefined ? '空' : <DisplayOf field={fields[key]!} value={held.values[key]} />}
            </small>
          )}
        />
        {problem && (
          <p className="x-problem" role="alert">
            {problem}
          </p>
        )}
        <p className="x-faint">
          {on > today ? '到这一天自动生效，在此之前可以撤销。' : on < today ? '补登：从这一天起按新的内容算。' : '今天起生效。'}
          {next && `已登记 ${next.from} 起另有变动，本次只管到前一天。`}
        </p>
      </div>
    </Modal>
  )
} // prettier-ignore
