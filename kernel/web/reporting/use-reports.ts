import type { GroupPath, Report, ReportAnswer, ReportSource, ReportSpec } from '#model'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
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
/** A page of what a report shows, with its groups and totals. */
export const useRun = (spec: ReportSpec, page: number, within: GroupPath | null) =>
  useQuery({
    queryKey: [...all, 'run', spec, page, within],
    queryFn: () => api.post<ReportAnswer>('/api/reports/run', { report: spec, offset: page * rowsAtOnce, limit: rowsAtOnce, within }),
    placeholderData: keepPreviousData,
    enabled: spec.columns.length > 0,
    retry: false,
  })

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
