import type { FieldProblem, Reminder, ReminderPreview } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { ApiError } from '../api/problem.ts'

export const remindersKey = ['reminders'] as const
/** The page of a reminder. */
export const urlOf = (name: string): string => `/reminders/${encodeURIComponent(name)}`

const settleMs = 500
/** Who would be told by what stands in the editor, and what is wrong with it, asked anew when typing pauses. */
export function usePreview(definition: Reminder): { preview: ReminderPreview | null; problems: readonly FieldProblem[]; error: unknown; isAsking: boolean } {
  const [settled, setSettled] = useState(definition)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(definition), settleMs)
    return () => clearTimeout(timer)
  }, [definition])
  const { data, error, isFetching } = useQuery({
    queryKey: [...remindersKey, definition.name, 'preview', settled],
    queryFn: () => api.post<ReminderPreview>(`/api/reminders/${encodeURIComponent(definition.name)}/preview`, { definition: settled }),
    retry: false,
    staleTime: 10_000,
    gcTime: 30_000,
  })
  const problems = error instanceof ApiError ? error.fieldProblems.map(({ field, message }) => ({ field: field.replace(/^definition\./, ''), message })) : []
  return { preview: data ?? null, problems, error: problems.length > 0 ? null : error, isAsking: isFetching || settled !== definition }
} // prettier-ignore
