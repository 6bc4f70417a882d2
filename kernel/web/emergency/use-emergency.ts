import type { EmergencyAnswer } from '#model'
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'

const key = ['emergency']
/** What one may open in an emergency and has open. `every`: asked again so often, in milliseconds. */
export const useEmergency = (options: { enabled?: boolean; every?: number } = {}) =>
  useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<EmergencyAnswer>('/api/emergency', {}, signal),
    enabled: options.enabled ?? true,
    ...(options.every ? { refetchInterval: options.every } : {}),
  })
interface Seen {
  resource: string
  record: string
}
/** What was read under an access that is no more is not kept: it is asked for anew, and refused. */
export async function forgetEmergency(client: QueryClient, { resource, record }: Seen): Promise<void> {
  await Promise.all([
    client.resetQueries({ queryKey: keys.record(resource, record) }),
    client.invalidateQueries({ queryKey: key }),
    client.invalidateQueries({ queryKey: keys.list('security.emergencyAccess') }),
    // Which types this reader knows has changed, too.
    client.invalidateQueries({ queryKey: ['definitions'] }),
  ])
}
/** Ends one's own access by hand. */
export function useEnd() {
  const client = useQueryClient()
  const { message } = App.useApp()
  return async (id: string, seen: Seen) => {
    try {
      await api.post(`/api/emergency/${id}/end`)
      void message.success('应急访问已结束')
    } catch (error) {
      void message.error(messageOf(error))
    }
    await forgetEmergency(client, seen)
  }
}
