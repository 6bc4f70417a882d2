import { longestOverlap, maxKeys } from '#kernel/model/security/index.ts'
import { formatInstant, type ApiKeyItem, type ApiKeysAnswer, type IssuedKey } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { messageOf } from '../../../api/problem.ts'
import { definePanel } from '../../../pages.ts'
import { Failed, Notice, Skeleton } from '../../../parts/states.tsx'
import { Tag } from '../../../parts/tag.tsx'
import './keys.css'

const usualOverlap = 7

/** The keys of a program that calls: given, rotated with some days on which both are valid, ended. A secret is shown once. */
function Keys({ id }: { resource: string; id: string }) {
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [issued, setIssued] = useState<IssuedKey | null>(null)
  const [isRotating, setRotating] = useState(false)
  const key = ['clientKeys', id]
  const path = `/api/clients/${id}/keys`
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<ApiKeysAnswer>(path, {}, signal) })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={3} />
  const live = data.keys.filter((one) => one.isLive)
  const run = async (act: () => Promise<unknown>) => {
    try {
      await act()
      await client.invalidateQueries({ queryKey: key })
    } catch (fault) {
      void message.error(messageOf(fault))
    }
  }
  const issue = (overlapDays: number) =>
    run(async () => {
      setIssued(await api.post<IssuedKey>(path, { overlapDays }))
      setRotating(false)
    })
  const end = (one: ApiKeyItem) =>
    modal.confirm({
      title: `停用密钥 ${one.id}？`,
      content: '立即生效，不能恢复；用它的请求会被拒绝。',
      okText: '停用',
      okButtonProps: { danger: true },
      onOk: () => run(() => api.delete(`${path}/${one.id}`)),
    })
  return (
    <div className="x-card k-keys">
      <header>
        <p className="x-muted">{data.signatureRequired ? '防护策略要求接口签名：固定密钥一律不接受。' : '密钥用于接口签名，请交给对方妥善保存。'}</p>
        {live.length > 0 && <Button onClick={() => setRotating(true)}>换密钥</Button>}
      </header>
      {data.keys.length === 0 ? (
        <Notice kind="empty" title="还没有密钥" text="对方需要密钥才能调用接口。" act={{ label: '发放密钥', run: () => void issue(0) }} />
      ) : (
        <ul>
          {data.keys.map((one) => (
            <li key={one.id}>
              <div>
                <code>{one.id}</code>
                <State one={one} />
                {!one.canSign && one.isLive && <Tag tone="warn">{data.signatureRequired ? '不能签名，已不可用' : '不能签名'}</Tag>}
              </div>
              <small>
                {formatInstant(one.createdAt)} 发放 · {one.lastUsedAt ? `最近使用 ${formatInstant(one.lastUsedAt)}` : '没有使用过'}
              </small>
              {one.isLive && (
                <Button size="small" danger onClick={() => end(one)}>
                  停用
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {data.keys.length > 0 && live.length === 0 && (
        <Notice kind="empty" title="没有有效的密钥" text="现在对方不能调用接口。" act={{ label: '发放密钥', run: () => void issue(0) }} />
      )}
      {isRotating && <Rotate live={live.length} onIssue={issue} onClose={() => setRotating(false)} />}
      {issued && <Secret issued={issued} onClose={() => setIssued(null)} />}
    </div>
  )
} // prettier-ignore

function State({ one }: { one: ApiKeyItem }) {
  if (!one.isLive) return <Tag>已停用</Tag>
  return one.endsAt === null ? <Tag tone="good">有效</Tag> : <Tag tone="warn">有效至 {formatInstant(one.endsAt)}</Tag>
}

function Rotate({ live, onIssue, onClose }: { live: number; onIssue: (days: number) => Promise<void>; onClose: () => void }) {
  const mayOverlap = live < maxKeys
  const [days, setDays] = useState<number | null>(mayOverlap ? usualOverlap : 0)
  const [isSending, setSending] = useState(false)
  const send = () => {
    setSending(true)
    void onIssue(days ?? 0).finally(() => setSending(false))
  }
  return (
    <Modal
      open
      title="换密钥"
      okText="发放新密钥"
      okButtonProps={{ loading: isSending, danger: !days }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="x-act-form">
        {mayOverlap ? (
          <label>
            旧密钥再保留
            <InputNumber aria-label="旧密钥再保留" min={0} max={longestOverlap} precision={0} value={days} suffix="天" onChange={setDays} />
          </label>
        ) : (
          <p className="x-why">已有 {live} 把有效的密钥：发放新的，它们都立即停用。要逐把更换，请先停用其中一把。</p>
        )}
        <p className="x-muted">
          {days ? `这 ${days} 天里新旧两把都可用，对方换好后可提前停用旧的。` : '旧密钥立即停用：对方换上新密钥之前，请求都会被拒绝。'}
        </p>
      </div>
    </Modal>
  )
} // prettier-ignore

function Secret({ issued, onClose }: { issued: IssuedKey; onClose: () => void }) {
  const { message } = App.useApp()
  const copy = async (text: string) => {
    // Plain http inside a hospital has no clipboard: the text stands there to be chosen.
    if (!navigator.clipboard) return void message.info('请选中后复制')
    await navigator.clipboard.writeText(text)
    void message.success('已复制')
  }
  const line = (label: string, text: string) => (
    <label>
      {label}
      <span className="k-secret">
        <Input readOnly value={text} aria-label={label} onFocus={(event) => event.target.select()} />
        <Button aria-label={`复制${label}`} onClick={() => void copy(text)}>
          复制
        </Button>
      </span>
    </label>
  )
  return (
    <Modal open title="新密钥" closable={false} mask={{ closable: false }} keyboard={false} footer={<Button type="primary" onClick={onClose}>已经保存</Button>}>
      <div className="x-act-form">
        {line('密钥编号', issued.key)}
        {line('密钥', issued.secret)}
        <p className="x-why">密钥只在这里显示一次，关闭后无法再看到。请经可靠的途径交给对方，不要用微信群或邮件明文发送。</p>
      </div>
    </Modal>
  )
} // prettier-ignore

export default definePanel({ label: '密钥', component: Keys, right: 'security.clients' })
