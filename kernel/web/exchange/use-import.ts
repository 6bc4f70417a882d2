import type { ImportBatch, ImportChoices, ImportDetail, ImportMapping, Problem } from '#model'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { here } from '../api/place.ts'
import { api } from '../api/client.ts'
import { forgetRecord } from '../api/hooks.ts'
import { ApiError, messageOf, Unreachable } from '../api/problem.ts'
import { session } from '../api/session.ts'

export interface ProfileChoice {
  name: string
  label: string
  help: string | null
}
const keyOf = (id: string) => ['import', id] as const
const historyKey = (resource: string) => ['imports', resource] as const
export const isBusy = (detail: Pick<ImportDetail, 'state'>): boolean => detail.state === 'judging' || detail.state === 'running'

/** A batch, asked again while the server works on it. */
export function useBatch(id: string | null) {
  return useQuery({
    queryKey: keyOf(id ?? ''),
    queryFn: ({ signal }) => api.get<ImportDetail>(`/api/imports/${id}`, {}, signal),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? 500 : false),
  })
}
export function useBatches(resource: string) {
  return useQuery({
    queryKey: historyKey(resource),
    queryFn: ({ signal }) => api.get<{ batches: ImportBatch[] }>('/api/imports', { resource }, signal),
    select: (answer) => answer.batches,
  })
}
/** The ways of importing into a record type; a way's own name leads to its record type too. */
export function useProfiles(name: string) {
  return useQuery({
    queryKey: ['import-profiles', name],
    queryFn: ({ signal }) =>
      api.get<{ resource: string; resourceLabel: string; profiles: ProfileChoice[] }>(`/api/imports/profiles/${name}`, {}, signal),
  })
}

/** Every act on a batch answers the batch as it is then. */
export function useActs(id: string) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const options = {
    onSuccess: (detail: ImportDetail) => {
      client.setQueryData(keyOf(detail.id), detail)
      void client.invalidateQueries({ queryKey: historyKey(detail.resource) })
      forgetRecord(client, detail.resource)
    },
    onError: (error: unknown) => void message.error(messageOf(error)),
  }
  const at = `/api/imports/${id}`
  return {
    settle: useMutation({ mutationFn: (mapping: ImportMapping) => api.put<ImportDetail>(`${at}/mapping`, mapping), ...options }),
    choose: useMutation({ mutationFn: (choices: ImportChoices) => api.put<ImportDetail>(`${at}/choices`, choices), ...options }),
    preview: useMutation({ mutationFn: () => api.post<ImportDetail>(`${at}/preview`), ...options }),
    run: useMutation({ mutationFn: () => api.post<ImportDetail>(`${at}/run`), ...options }),
    cancel: useMutation({ mutationFn: () => api.post<ImportDetail>(`${at}/cancel`), ...options }),
    undo: useMutation({ mutationFn: () => api.post<ImportDetail>(`${at}/undo`), ...options }),
  }
}

/** Sends a file for an import, telling how far it is (fetch cannot). */
export async function uploadImport(
  profile: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<ImportDetail> {
  for (;;) {
    const answer = await send(profile, file, onProgress, signal)
    if (answer.status === 201) return answer.body as ImportDetail
    if (await session.settled((answer.body as Partial<Problem> | null)?.code)) continue
    if (answer.status === 0) throw new Unreachable()
    throw new ApiError({
      type: 'about:blank',
      code: 'fault',
      title: '文件没有传上去',
      ...(answer.body as Partial<Problem>),
      status: answer.status,
    })
  }
}
function send(
  profile: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open('POST', here(`/api/imports?resource=${encodeURIComponent(profile)}`))
    request.responseType = 'json'
    if (session.me) request.setRequestHeader('x-csrf-token', session.me.csrf)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => resolve({ status: request.status, body: request.response })
    request.onerror = () => resolve({ status: 0, body: null })
    signal.addEventListener('abort', () => {
      request.abort()
      reject(new DOMException('aborted', 'AbortError'))
    })
    request.send(form)
  })
}
