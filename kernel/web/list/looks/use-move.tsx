import type { ApiRecord, ClientResource, RecordAnswer } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import { FirstText } from '../../parts/first-input.tsx'
import { api, newId } from '../../api/client.ts'
import { keys } from '../../api/hooks.ts'
import { ApiError, messageOf } from '../../api/problem.ts'
import { useSending } from '../../approvals/use-sending.tsx'
import { CellOf } from '../../fields/index.ts'

export interface Move {
  row: ApiRecord
  title: string
  changes: Readonly<Record<string, unknown>>
}
export interface Mover {
  /** Answers when the lists show what has become of it: true when the record was written. */
  move: (move: Move) => Promise<boolean>
  dialog: ReactNode
}

/** A record moved about in a view is a record written: refused in words, taken back with a click; where an approval guards it, a change is asked for instead. */
export function useMove(resource: ClientResource): Mover {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [asked, setAsked] = useState<{ move: Move; done: (isWritten: boolean) => void } | null>(null)
  const refresh = () => client.invalidateQueries({ queryKey: keys.list(resource.name) })
  const say = async (error: unknown, title: string) => {
    const isConflict = error instanceof ApiError && error.problem.code === 'versionConflict'
    const why = error instanceof ApiError ? (error.fieldProblems[0]?.message ?? error.message) : messageOf(error)
    message.error(isConflict ? `“${title}”刚被别人修改过，没有移动；已显示最新的内容` : `“${title}”没有移动：${why}`, 6)
    await refresh()
  }
  async function write({ row, title, changes }: Move): Promise<boolean> {
    try {
      const { record } = await api.patch<RecordAnswer>(`/api/records/${resource.name}/${row.id}`, { version: row.version, changes })
      void client.invalidateQueries({ queryKey: keys.record(resource.name, row.id) })
      const former = Object.fromEntries(Object.keys(changes).map((key) => [key, row[key] ?? null]))
      const key = newId()
      const back = () => {
        message.destroy(key)
        void takeBack({ row: record, title, changes: former })
      }
      message.success({
        key,
        duration: 5,
        content: (
          <>
            已移动“{title}”{' '}
            <button type="button" className="x-link" onClick={back}>
              撤销
            </button>
          </>
        ),
      })
      await refresh()
      return true
    } catch (error) {
      await say(error, title)
      return false
    }
  }
  async function takeBack({ row, title, changes }: Move): Promise<void> {
    try {
      await api.patch<RecordAnswer>(`/api/records/${resource.name}/${row.id}`, { version: row.version, changes })
      message.info(`已撤销“${title}”的移动`)
      await refresh()
    } catch (error) {
      await say(error, title)
    }
  }
  const move = (one: Move): Promise<boolean> =>
    resource.approval ? new Promise<boolean>((done) => setAsked({ move: one, done })) : write(one)
  const close = () => {
    asked?.done(false)
    setAsked(null)
  }
  return { move, dialog: asked && <ChangeDialog resource={resource} move={asked.move} onClose={close} /> }
}

/** What the move would change, and why: sent to those who approve. */
function ChangeDialog({ resource, move, onClose }: { resource: ClientResource; move: Move; onClose: () => void }) {
  const { row, title, changes } = move
  const client = useQueryClient()
  const { message } = App.useApp()
  const { sent, asking } = useSending(`变更“${title}”`)
  const [actId] = useState(newId)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const send = async () => {
    if (!reason.trim()) return setProblem('请填写变更的理由')
    setBusy(true)
    try {
      const body = { actId, seenVersion: row.version, changes, reason: reason.trim() }
      await sent((further) => api.post(`/api/flows/change/${resource.name}/${row.id}`, { ...body, ...further }))
      message.success('已提交变更申请，批准后生效')
      for (const queryKey of [keys.list(resource.name), keys.record(resource.name, row.id), keys.tasks])
        void client.invalidateQueries({ queryKey })
      onClose()
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.fieldProblems[0]?.message ?? error.message) : messageOf(error))
      setBusy(false)
    }
  }
  return (
    <Modal open title={`申请变更“${title}”`} okText="提交变更申请" confirmLoading={isBusy} onOk={() => void send()} onCancel={onClose}>
      {asking}
      <p className="x-muted">“{resource.label}”须经审批：提交后由审批人决定，批准后才会移动。</p>
      <ul className="x-move-changes">
        {Object.entries(changes).map(([key, value]) => (
          <li key={key}>
            <span>{resource.fields[key]?.label}</span>
            <del>
              <ValueOf resource={resource} at={key} value={row[key]} />
            </del>
            <span aria-label="改为">→</span>
            <b>
              <ValueOf resource={resource} at={key} value={value} />
            </b>
          </li>
        ))}
      </ul>
      <FirstText
        aria-label="变更的理由"
        autoSize={{ minRows: 2, maxRows: 5 }}
        maxLength={500}
        value={reason}
        status={problem ? 'error' : ''}
        placeholder="变更的理由，必填，审批人据此判断"
        onChange={(event) => {
          setReason(event.target.value)
          setProblem(null)
        }}
      />
      {problem && (
        <p className="x-problem" role="alert">
          {problem}
        </p>
      )}
    </Modal>
  )
}
function ValueOf({ resource, at, value }: { resource: ClientResource; at: string; value: unknown }) {
  const field = resource.fields[at]!
  return value === null || value === undefined ? <>（空）</> : <CellOf field={field} value={value} />
}
