import { addDays, type ApiRecord, type ClientResource, type RecordGrantItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { PersonPicker } from '../fields/index.ts'
import { Failed } from '../parts/states.tsx'
import { useSend } from '../parts/use-send.tsx'
import './sharing.css'

interface Props {
  resource: ClientResource
  record: ApiRecord
  onClose: () => void
}
/** Opens one record to a colleague until a day, and shows to whom it is open. */
export function ColleagueDialog({ resource, record, onClose }: Props) {
  const { today } = useMe()
  const client = useQueryClient()
  const { message } = App.useApp()
  const { isSending, problems, problem, send } = useSend()
  const [draft, setDraft] = useState({ person: null as string | null, level: 'read', until: addDays(today, 30), reason: '' })
  const path = `/api/records/${resource.name}/${record.id}/grants`
  const key = ['record-grants', record.id]
  const given = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api.get<{ grants: RecordGrantItem[] }>(path, {}, signal)).grants,
  })
  const put = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const mayUpdate = !resource.approval && resource.writtenBy !== 'module'
  const run = (act: () => Promise<unknown>, said: string) =>
    send(async () => {
      await act()
      void message.success(said)
      await client.invalidateQueries({ queryKey: key })
    })
  const give = () =>
    run(async () => {
      await api.post(path, draft)
      put({ person: null, reason: '' })
    }, '已分享，对方会收到消息')
  return (
    <Modal open title="分享给同事" okText="分享" okButtonProps={{ loading: isSending }} onOk={() => void give()} onCancel={onClose} cancelText="关闭">
      <div className="x-act-form">
        <label htmlFor="share-person">同事</label>
        <PersonPicker id="share-person" value={draft.person} onChange={(person) => put({ person })} isInvalid={!!problems['person']} />
        {problem('person')}
        <fieldset>
          <legend>可以</legend>
          <Radio.Group
            value={draft.level}
            onChange={(event) => put({ level: event.target.value as string })}
            options={[{ value: 'read', label: '查看' }, ...(mayUpdate ? [{ value: 'update', label: '查看和修改' }] : [])]}
          />
          {problem('level')}
        </fieldset>
        <label>
          到哪一天（含）
          <Input type="date" value={draft.until} min={today} onChange={(event) => put({ until: event.target.value })} />
        </label>
        {problem('until')}
        <label>
          事由
          <Input value={draft.reason} maxLength={200} placeholder="选填，如：协助核查" onChange={(event) => put({ reason: event.target.value })} />
        </label>
        {problem('')}
        <small className="x-faint">只这一条记录，到期自动收回；受保护的内容对他仍不显示。他在“分享给我的”里能找到。</small>
      </div>
      {given.error && <Failed error={given.error} retry={() => void given.refetch()} />}
      {given.data && given.data.length > 0 && (
        <ul className="x-shares x-given" aria-label="已分享给">
          {given.data.map((one) => (
            <li key={one.id}>
              <div>
                <span className="x-share-title">
                  <b>{one.personName}</b> {one.level === 'update' ? '查看和修改' : '查看'}
                </span>
                <small>
                  至 {one.until} · {one.byName} 分享{one.reason && ` · ${one.reason}`}
                </small>
              </div>
              <Button size="small" danger onClick={() => void run(() => api.post(`/api/record-grants/${one.id}/withdraw`), '已收回')}>
                收回
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Modal>
  )
} // prettier-ignore
