import type { PublishingItem } from '#model'
import type { DesignKindName } from '#kernel/model/designs/index.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { designsKey, designUrl } from './use-studio.ts'

interface Version {
  version: number
  release: number
  at: string
  by: string
  note: string
  isGone: boolean
  isInForce: boolean
}
const stopWords: Readonly<Record<DesignKindName, { title: string; text: string }>> = {
  type: { title: '停用这种记录？', text: '它从菜单、列表和查找中消失，谁也不能再填；已有的记录都保留，恢复任何一版后又能看到。' },
  overlay: { title: '停用对它的调整？', text: '回到系统原来的样子；增加的字段不再显示，已填的内容都保留。' },
  page: { title: '停用这个页面？', text: '它从菜单中消失；恢复任何一版后又能打开。系统自带的页面回到原来的样子。' },
  automation: { title: '停用这个自动化？', text: '它不再执行；已经做过的都保留，恢复任何一版后又会执行。' },
  print: { title: '停用这个打印模板？', text: '它不再能选用；已经打印的纸张仍可扫码核对。' },
}
/** 版本: every version of a definition, and the way back to one. */
export function VersionsTab({ kind, name, onBack }: { kind: DesignKindName; name: string; onBack: () => Promise<void> }) {
  const { data, error, refetch } = useQuery({ queryKey: [...designsKey, kind, name, 'versions'], queryFn: ({ signal }) => api.get<Version[]>(designUrl(kind, name, '/versions'), {}, signal), staleTime: 0 })
  const client = useQueryClient()
  const { message } = App.useApp()
  const [back, setBack] = useState<Version | null>(null)
  const [note, setNote] = useState('')
  async function go({ version, isInForce }: Version) {
    try {
      const job = await api.post<PublishingItem>(designUrl(kind, name, isInForce ? '/stop' : '/roll-back'), isInForce ? { note } : { version, note })
      void message.success(isInForce ? '已停用' : job.state === 'done' ? `已恢复第 ${version} 版` : '正在恢复，完成后生效')
      setBack(null)
      for (const queryKey of [designsKey, ['definitions']]) void client.invalidateQueries({ queryKey })
      await onBack()
    } catch (problem) {
      void message.error(messageOf(problem))
    }
  }
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  if (data.length === 0) return <Notice kind="empty" title="还没有发布过" text="发布后，每一版都留在这里，可以随时恢复。" />
  return (
    <div className="x-card x-studio-table">
      <table>
        <thead><tr><th>版本</th><th>发布</th><th>说明</th><th /></tr></thead>
        <tbody>
          {data.map((one) => (
            <tr key={one.version}>
              <td>第 {one.version} 版 {one.isInForce && <Tag tone="good">生效</Tag>}{one.isGone && <Tag tone="neutral">停用</Tag>}</td>
              <td>{one.by} · {ago(one.at)} · 第 {one.release} 次发布</td>
              <td>{one.note || <span className="x-faint">无</span>}</td>
              <td className="right">{!one.isGone && <Button size="small" onClick={() => (setNote(''), setBack(one))}>{one.isInForce ? '停用' : '恢复这一版'}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {back && (
        <Modal open title={back.isInForce ? stopWords[kind].title : `恢复第 ${back.version} 版？`} okText={back.isInForce ? '停用' : '恢复'} okButtonProps={{ danger: back.isInForce }} cancelText="取消" onOk={() => void go(back)} onCancel={() => setBack(null)}>
          <p>{back.isInForce ? stopWords[kind].text : '它会成为新的一版。之后各版填写的内容都保留：字段再启用时还在。'}</p>
          <Input.TextArea aria-label="说明" rows={2} maxLength={500} placeholder={back.isInForce ? '为什么停用（可不填）' : '为什么恢复（可不填）'} value={note} onChange={(event) => setNote(event.target.value)} />
        </Modal>
      )}
    </div>
  )
} // prettier-ignore
