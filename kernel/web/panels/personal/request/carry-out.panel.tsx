import { formatInstant, requestStates } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api } from '../../../api/client.ts'
import { forgetRecord, keys, useMe, useRecord } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { definePanel } from '../../../pages.ts'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { Part } from '../../../security/own-page.tsx'
import { Tag } from '../../../parts/tag.tsx'
import '../../../security/security.css'

const resource = 'personal.request'
/** What was granted and is not done yet: an officer says when it is. */
function CarryOut({ id }: { resource: string; id: string }) {
  const { rights } = useMe()
  const { data, error, refetch } = useRecord(resource, id)
  const { message } = App.useApp()
  const client = useQueryClient()
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={3} />
  const progress = (data.record['progress'] as keyof typeof requestStates | null) ?? 'open'
  const carriedOutAt = data.record['carriedOutAt'] as string | null
  async function done() {
    try {
      await api.post(`/api/personal-requests/${id}/carried-out`)
      void message.success('已登记，并告知本人')
      forgetRecord(client, resource, id)
      void client.invalidateQueries({ queryKey: keys.tasks })
    } catch (fault) {
      void message.error(messageOf(fault))
    }
  }
  const may = progress === 'waiting' && rights.includes('personal.carryOut')
  return (
    <div className="x-security">
      <Part
        title="执行"
        hint={<Tag tone={requestStates[progress].tone}>{requestStates[progress].label}</Tag>}
        acts={
          may && (
            <Button type="primary" onClick={() => void done()}>
              登记已执行
            </Button>
          )
        }
      >
        <p className="x-muted">
          {progress === 'waiting'
            ? `已同意删除。${data.record['record'] ? '相关记录已停止显示和使用；' : ''}由信息科删除原值后在此登记，系统会告知本人。`
            : progress === 'restricted'
              ? '保存期限未满，相关记录只保存，不再显示、检索和使用。'
              : carriedOutAt
                ? `${formatInstant(carriedOutAt)} 已执行`
                : '没有待执行的事项'}
        </p>
      </Part>
    </div>
  )
}
export default definePanel({ label: '执行', component: CarryOut })
