import type { LibraryConnection } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { ago } from '../parts/ago.ts'
import { useSend } from '../parts/use-send.tsx'
import { libraryKey } from './hooks.ts'

/** Which library this installation asks, and under which key; tried before it is kept. */
export function ConnectionDialog({ connection, onClose }: { connection: LibraryConnection | null; onClose: () => void }) {
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const { isSending, problem, send } = useSend()
  const [given, setGiven] = useState({ url: connection?.url ?? '', key: connection?.key ?? '', secret: '' })
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value })
  const done = async (said: string) => {
    await client.invalidateQueries({ queryKey: libraryKey })
    void message.success(said)
    onClose()
  }
  const save = () => send(async () => (await api.put('/api/library/connection', given), await done('已连接')))
  const end = () => modal.confirm({ title: '断开外部表单库？', content: '密钥一并删除；已取用的表单不受影响。', okText: '断开', okButtonProps: { danger: true }, cancelText: '取消', onOk: () => send(async () => (await api.delete('/api/library/connection'), await done('已断开'))) })
  return (
    <Modal
      open
      title={connection ? '连接设置' : '连接外部表单库'}
      onCancel={onClose}
      footer={
        <>
          {connection && <Button danger className="l-end" disabled={isSending} onClick={end}>断开</Button>}
          <Button onClick={onClose}>取消</Button>
          <Button type="primary" loading={isSending} onClick={() => void save()}>试连并保存</Button>
        </>
      }
    >
      <p className="x-muted">请对方在“系统安全 → 接口调用方”登记本院，给予表单库的权限并发一把密钥。</p>
      <label className="l-field">地址<Input value={given.url} maxLength={300} placeholder="https://library.hospital.cn" onChange={set('url')} /></label>
      {problem('url')}
      <label className="l-field">密钥编号<Input value={given.key} maxLength={64} placeholder="ak_…" autoComplete="off" onChange={set('key')} /></label>
      {problem('key')}
      <label className="l-field">密钥<Input.Password value={given.secret} maxLength={200} placeholder={connection ? '不改则留空' : 'xl_…'} autoComplete="new-password" onChange={set('secret')} /></label>
      {problem('secret')}
      {problem('')}
      {connection && <p className="x-faint">{connection.by} {ago(connection.at)}设置</p>}
    </Modal>
  )
} // prettier-ignore
