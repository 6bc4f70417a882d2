import type { ApprovalAnswer } from '#model'
import { App } from 'antd'
import { useState } from 'react'
import { api, newId } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'

/** Sends an act once; a second press or a lost answer repeats the same act. */
export function useAct(approval: ApprovalAnswer, onDone: () => void) {
  const { message } = App.useApp()
  const [actId] = useState(newId)
  return async (act: Record<string, unknown>, done: string): Promise<boolean> => {
    try {
      await api.post(`/api/approvals/${approval.instance}/acts`, { ...act, actId, seenVersion: approval.record.version }, actId)
      void message.success(done)
      onDone()
      return true
    } catch (error) {
      void message.error(messageOf(error))
      // What was seen is no longer what is: show what happened.
      if (error instanceof ApiError && error.problem.status === 409) onDone()
      return false
    }
  }
}
