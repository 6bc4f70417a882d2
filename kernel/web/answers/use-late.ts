import type { AnswerFound, AnswerJob, GroupPath, SlowAsk } from '#model'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api } from '../api/client.ts'
import { ApiError, messageOf } from '../api/problem.ts'

/** Was this question cut off, or refused, because it would take too long? */
export const isSlow = (error: unknown): boolean => error instanceof ApiError && error.problem.code === 'slowQuery'
export const isAtWork = (job: AnswerJob | null): boolean => job?.state === 'waiting' || job?.state === 'running'

interface Part {
  offset: number
  limit: number
  within: GroupPath | null
  sort: readonly string[]
}
/** A question that is answered in the background, where it is too slow to wait for: how its job stands, and what it brought. */
export interface Late<A> {
  /** It is asked in the background, not at once. */
  isAsked: boolean
  /** Undefined until it is known. */
  job: AnswerJob | null | undefined
  data: A | undefined
  isPlaceholderData: boolean
  error: unknown
  begin(): void
  cancel(): void
  isBusy: boolean
}
/** Looks for one's own job to this question once `isAsked`, and follows it to its end. */
export function useLate<A>(ask: SlowAsk, isAsked: boolean, part: Part | null = null): Late<A> {
  const client = useQueryClient()
  const { message } = App.useApp()
  const key = ['answers', 'find', ask]
  const found = useQuery({
    queryKey: key,
    queryFn: () => api.post<AnswerFound>('/api/answers/find', ask),
    enabled: isAsked,
    refetchInterval: ({ state }) => (isAtWork(state.data?.job ?? null) ? 1000 : false),
  })
  const job = found.data?.job
  const result = useQuery({
    queryKey: ['answers', 'result', job?.id, part],
    queryFn: () => api.post<A>(`/api/answers/${job!.id}/result`, part ?? {}),
    enabled: isAsked && job?.state === 'done',
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
  })
  const act = useMutation({
    mutationFn: (path: string) => api.post<AnswerJob>(path, path === '/api/answers' ? ask : {}),
    onSuccess: (changed) => client.setQueryData<AnswerFound>(key, { job: changed }),
    onError: (error: unknown) => {
      void message.error(messageOf(error))
      void client.invalidateQueries({ queryKey: key })
    },
  })
  const isDone = isAsked && job?.state === 'done'
  return {
    isAsked,
    job,
    data: isDone ? result.data : undefined,
    isPlaceholderData: result.isPlaceholderData,
    error: found.error ?? (isDone ? result.error : null),
    begin: () => act.mutate('/api/answers'),
    cancel: () => job && act.mutate(`/api/answers/${job.id}/cancel`),
    isBusy: act.isPending,
  }
}
