import type { GroupPath, Report, ReportAnswer, ReportSource, ReportSpec } from '#model'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { isSlow, useLate } from '../answers/use-late.ts'
import { api } from '../api/client.ts'

const all = ['reports'] as const
/** The reports that this reader has kept, and those that are shared. */
export const useReports = () =>
  useQuery({ queryKey: all, queryFn: async ({ signal }) => (await api.get<{ reports: Report[] }>('/api/reports', {}, signal)).reports })
export const useReport = (id: string) =>
  useQuery({ queryKey: [...all, id], queryFn: ({ signal }) => api.get<Report>(`/api/reports/${id}`, {}, signal), enabled: id !== 'new' })
/** The types whose records point at this one. */
export const useSources = (base: string, isAsked: boolean) =>
  useQuery({
    queryKey: [...all, 'sources', base],
    queryFn: async ({ signal }) => (await api.get<{ sources: ReportSource[] }>(`/api/reports/sources/${base}`, {}, signal)).sources,
    enabled: isAsked,
    staleTime: 5 * 60_000,
  })
export const rowsAtOnce = 50
interface Asked {
  spec: ReportSpec
  /** What it is called in the background. */
  name: string
  /** Only what the background has brought. */
  isKept?: boolean
}
/** A page of what a report shows, with its groups and totals. What is too slow to wait for comes from the background, then all pages of it. */
export function useRun({ spec, name, isKept = false }: Asked, page: number, within: GroupPath | null) {
  const client = useQueryClient()
  // How it is sorted is nothing to whether it is slow, and what the background brought is sorted as wanted.
  const unsorted = { ...spec, sort: [] }
  const key = [...all, 'run', unsorted]
  const part = { offset: page * rowsAtOnce, limit: rowsAtOnce, within }
  const wasSlow = client
    .getQueryCache()
    .findAll({ queryKey: key })
    .some(({ state }) => isSlow(state.error))
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: [...key, spec.sort, page, within],
    queryFn: () => api.post<ReportAnswer>('/api/reports/run', { report: spec, ...part }),
    placeholderData: keepPreviousData,
    enabled: spec.columns.length > 0 && !isKept && !wasSlow,
    retry: false,
  })
  const isLate = isKept || wasSlow
  const late = useLate<ReportAnswer>({ kind: 'report', name, report: unsorted }, isLate, { ...part, sort: spec.sort })
  return isLate
    ? { data: late.data, error: late.data ? null : error, isPlaceholderData: late.isPlaceholderData, refetch, late }
    : { data, error, isPlaceholderData, refetch, late }
}
export type ReportRun = ReturnType<typeof useRun>

interface Draft {
  name: string
  isShared: boolean
  isLocked: boolean
  state?: ReportSpec
}
/** Keeps, changes and drops reports; what is shown of them follows. */
export function useKeepReports() {
  const client = useQueryClient()
  const learn = (report: Report): Report => {
    client.setQueryData([...all, report.id], report)
    void client.invalidateQueries({ queryKey: all, exact: true })
    return report
  }
  return {
    keep: async (report: Draft) => learn(await api.post<Report>('/api/reports', { report })),
    change: async ({ id, version }: Report, report: Draft) => learn(await api.put<Report>(`/api/reports/${id}`, { report, version })),
    drop: async ({ id }: Report) => {
      await api.delete(`/api/reports/${id}`)
      await client.invalidateQueries({ queryKey: all, exact: true })
    },
  }
}
