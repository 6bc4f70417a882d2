import type { ApiRecord, ApprovalAnswer, PreviewAnswer } from '#model'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { api, newId } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { Skeleton } from '../parts/states.tsx'
import { FlowPath } from './flow-path.tsx'
import { stepsOf } from './steps-of.ts'

/** Everything about one approval that the reader may see and do. `state`: asked anew when this becomes another. */
export function useApproval(instance: string | undefined, state?: string) {
  return useQuery({
    queryKey: state === undefined ? ['approval', instance] : ['approval', instance, state],
    queryFn: ({ signal }) => api.get<ApprovalAnswer>(`/api/approvals/${instance}`, {}, signal),
    enabled: instance !== undefined,
  })
}
/** Sends one act on an approval (approve, return, withdraw …) and forgets what it changed. The act id makes a repetition harmless. */
export function useFlowAct(instance: string) {
  const client = useQueryClient()
  return async (act: { kind: string; seenVersion: number; [detail: string]: unknown }, actId: string = newId()): Promise<void> => {
    await api.post(`/api/approvals/${instance}/acts`, { ...act, actId }, actId)
    for (const queryKey of [['approval', instance], keys.tasks, keys.counts, ['record'], ['records']])
      void client.invalidateQueries({ queryKey })
  }
}

/** The approval of a record, where it has one and the reader may see it. */
export function RecordFlow({ record }: { record: ApiRecord }) {
  const { data } = useApproval(record.flow?.instance, record.state)
  if (!data?.path.length) return null
  return (
    <section className="x-record-flow">
      <h2>审批经过</h2>
      <FlowPath steps={stepsOf(data.path)} />
    </section>
  )
}

interface PreviewProps {
  resource: string
  draft: Readonly<Record<string, unknown>>
  /** Told which steps want their people chosen. */
  onAsked?: (asked: PreviewAnswer['choose']) => void
  /** Stands before the way: where they are chosen. */
  children?: ReactNode
}
/** Who will decide, told before anything is submitted. */
export function FlowPreview({ resource, draft, onAsked, children }: PreviewProps) {
  const preview = useQuery({
    queryKey: ['preview', resource, draft],
    queryFn: () => api.post<PreviewAnswer>('/api/flows/preview', { resource, draft }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  const asked = preview.data?.choose
  useEffect(() => {
    if (asked) onAsked?.(asked)
  }, [asked, onAsked])
  if (preview.error) return null
  return (
    <section className="x-record-flow">
      <h2>提交后由谁审批</h2>
      {children}
      {preview.data ? <FlowPath steps={stepsOf(preview.data.path)} /> : <Skeleton rows={3} />}
    </section>
  )
}
