import type { AutomationDesk } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Typography } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { ago } from '../parts/ago.ts'
import { apiOf, automationsKey } from './use-automation.ts'

/** The secret under which this automation and other systems prove themselves: shown once, as it is made. */
export function Secret({ desk, name, isHook = false }: { desk: AutomationDesk; name: string; isHook?: boolean }) {
  const { modal, message } = App.useApp()
  const client = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  async function make() {
    try {
      setSecret((await api.post<{ secret: string }>(apiOf(name, '/secret'))).secret)
      void client.invalidateQueries({ queryKey: [...automationsKey, name, 'desk'] })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const ask = () =>
    desk.hasSecret
      ? void modal.confirm({ title: '更换密钥？', content: '原来的密钥立即失效，对方系统要换成新的。', okText: '更换', cancelText: '取消', onOk: make })
      : void make()
  return (
    <div className="a-secret" role="group" aria-label="密钥">
      {isHook && (
        <p>
          对方以 POST 发送 JSON 到 <Typography.Text code copyable>{`${location.origin}${desk.hookPath}`}</Typography.Text>，请求头带 <code>x-xinglin-timestamp</code>（秒）、<code>x-xinglin-delivery</code>（这次通知的编号，同一编号只做一次）和 <code>x-xinglin-signature</code>：
          <code>v1=HMAC-SHA256(密钥, 时间戳.编号.正文)</code> 的十六进制。
        </p>
      )}
      <p>
        {desk.hasSecret ? `密钥已生成${desk.secretAt ? `，${ago(desk.secretAt)}` : ''}` : '还没有密钥，生成后才能发布'}{' '}
        <Button size="small" onClick={ask}>{desk.hasSecret ? '更换密钥' : '生成密钥'}</Button>
      </p>
      {secret !== null && (
        <p role="status">
          请现在抄下，只显示这一次：<Typography.Text code copyable>{secret}</Typography.Text>
        </p>
      )}
    </div>
  )
} // prettier-ignore
