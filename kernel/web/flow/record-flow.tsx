import type { ApiRecord } from '#model'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { FlowPath, type PathStep } from './flow-path.tsx'

/** GET /api/flows/:instance, as far as it is drawn here. */
interface FlowAnswer {
  label?: string
  path: readonly PathStep[]
}
export function useFlow(instance: string | undefined) {
  return useQuery({
    queryKey: ['flow', instance],
    queryFn: ({ signal }) => api.get<FlowAnswer>(`/api/flows/${instance}`, {}, signal),
    enabled: instance !== undefined,
  })
}

/** The approval of a record, where it has one and the reader may see it. */
export function RecordFlow({ record }: { record: ApiRecord }) {
  const { data } = useFlow(record.flow?.instance)
  if (!data?.path?.length) return null
  return (
    <section className="x-record-flow">
      <h2>审批经过</h2>
      <FlowPath steps={data.path} />
    </section>
  )
}
