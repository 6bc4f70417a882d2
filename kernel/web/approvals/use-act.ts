import type { ApprovalAnswer, ChangedField, FieldProblem } from '#model'
import { App } from 'antd'
import { useRef } from 'react'
import { api, newId } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'

export type Send = (act: Record<string, unknown>, done: string) => Promise<boolean>
interface Conflict {
  conflicts: Pick<ChangedField, 'field' | 'label'>[]
  baseVersion: number
}

/** Sends an act once; a second press or a lost answer repeats the same act. A record that changed meanwhile is shown and asked about, never overruled in silence. */
export function useAct(
  approval: ApprovalAnswer,
  onDone: () => void,
  onProblems: (problems: readonly FieldProblem[]) => void = () => undefined,
): Send {
  const { message, modal } = App.useApp()
  const ids = useRef(new Map<string, string>())
  const send: Send = async (act, done) => {
    const key = JSON.stringify(act)
    const actId = ids.current.get(key) ?? newId()
    ids.current.set(key, actId)
    try {
      await api.post(
        `/api/approvals/${approval.instance}/acts`,
        {
          ...act,
          ...(act['task'] && approval.my.task?.insteadOf ? { onBehalfOf: approval.my.task.insteadOf.id } : {}),
          actId,
          seenVersion: approval.version,
        },
        actId,
      )
      ids.current.delete(key)
      void message.success(done)
      onDone()
      return true
    } catch (error) {
      const conflict = conflictOf(error)
      if (conflict) return overrule(conflict, () => send({ ...act, seenBase: conflict.baseVersion }, done))
      void message.error(messageOf(error))
      if (error instanceof ApiError) onProblems(error.fieldProblems)
      // What was seen is no longer what is: show what happened.
      if (error instanceof ApiError && error.problem.status === 409) onDone()
      return false
    }
  }
  const overrule = ({ conflicts }: Conflict, again: () => Promise<boolean>) =>
    new Promise<boolean>((answer) => {
      modal.confirm({
        title: '申请之后，记录已被改动',
        content: `${conflicts.map((one) => `“${one.label}”`).join('、')}现在的内容与申请时不同（见“变更内容”一栏）。以申请为准继续，还是先不决定？`,
        okText: '以申请为准',
        cancelText: '先不决定',
        onOk: () => again().then(answer),
        onCancel: () => {
          answer(false)
          onDone()
        },
      })
    })
  return send
}
function conflictOf(error: unknown): Conflict | null {
  if (!(error instanceof ApiError) || error.problem.code !== 'changeConflict') return null
  const { conflicts, baseVersion } = error.problem as unknown as Partial<Conflict>
  return conflicts && baseVersion !== undefined ? { conflicts, baseVersion } : null
}
