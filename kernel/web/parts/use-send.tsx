import { useState, type ReactNode } from 'react'
import { ApiError, messageOf, problemsOf, type Problems } from '../api/problem.ts'
import './parts.css'

export interface Sending {
  isSending: boolean
  problems: Problems
  setProblems: (problems: Problems | ((before: Problems) => Problems)) => void
  /** What is wrong with a field, to stand below it; with '' what belongs to no field. */
  problem: (field: string) => ReactNode
  /** Runs what sends a form. Answers null when it was taken, else what was thrown; the problems are set then. */
  send: (work: () => Promise<void>) => Promise<unknown>
}
/** Sends a form, and keeps what was wrong with it by field. */
export function useSend(): Sending {
  const [isSending, setSending] = useState(false)
  const [problems, setProblems] = useState<Problems>({})
  async function send(work: () => Promise<void>): Promise<unknown> {
    setSending(true)
    try {
      await work()
      setProblems({})
      return null
    } catch (error) {
      setProblems(error instanceof ApiError ? problemsOf(error.problem) : { '': messageOf(error) })
      return error
    } finally {
      setSending(false)
    }
  }
  const problem = (field: string) =>
    problems[field] && (
      <p className="x-problem" role="alert">
        {problems[field]}
      </p>
    )
  return { isSending, problems, setProblems, problem, send }
}
/** The problems without those of these fields. */
export const without = (problems: Problems, ...fields: readonly string[]): Problems =>
  Object.fromEntries(Object.entries(problems).filter(([field]) => !fields.includes(field)))
