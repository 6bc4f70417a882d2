import { formatInstant, type Holding, type OwnConsent, type OwnPrivacy, type PersonalAnswer } from '#model'
import { DownloadOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, askFile } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { saveFile } from '../list/export.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { RequestDialog } from './request-dialog.tsx'
import './own.css'

const [privacyKey, personalKey] = [['own-privacy'], ['own-personal']]
/** 我的个人信息: what the hospital holds of its reader, who has looked, what he agreed to, and what he may ask. */
export default function OwnPersonalPage() {
  const held = useQuery({ queryKey: personalKey, queryFn: ({ signal }) => api.get<PersonalAnswer>('/api/me/personal', {}, signal) })
  const privacy = useQuery({ queryKey: privacyKey, queryFn: ({ signal }) => api.get<OwnPrivacy>('/api/me/privacy', {}, signal) })
  const [asking, setAsking] = useState<{ register: string | null } | null>(null)
  const { message } = App.useApp()
  const error = held.error ?? privacy.error
  async function download() {
    try {
      const { blob, name } = await askFile('GET', '/api/me/personal/file')
      saveFile(blob, name ?? '我的个人信息.xlsx')
    } catch (fault) {
      void message.error(messageOf(fault))
    }
  }
  return (
    <div className="x-page x-personal">
      <PageHead title="我的个人信息" acts={<Button onClick={() => setAsking({ register: null })}>提出请求</Button>} />
      {error ? (
        <Failed error={error} retry={() => void Promise.all([held.refetch(), privacy.refetch()])} />
      ) : !held.data || !privacy.data ? (
        <Skeleton rows={10} />
      ) : (
        <>
          <Holdings held={held.data} onDownload={() => void download()} onAsk={(register) => setAsking({ register })} />
          <Consents privacy={privacy.data} />
          <Readers readers={held.data.readers} />
          <p className="x-personal-ways">
            <Link to="/r/personal.request">我的请求</Link>
            <Link to="/r/personal.consent">我的同意记录</Link>
            <a href="/privacy" target="_blank" rel="noreferrer">
              隐私政策{privacy.data.policy && `（第 ${privacy.data.policy.edition} 版）`}
            </a>
          </p>
        </>
      )}
      {asking && <RequestDialog register={asking.register} holdings={held.data?.holdings ?? []} onClose={() => setAsking(null)} />}
    </div>
  )
}

interface HoldingsProps {
  held: PersonalAnswer
  onDownload: () => void
  onAsk: (register: string) => void
}
function Holdings({ held: { holdings }, onDownload, onAsk }: HoldingsProps) {
  return (
    <section className="x-card">
      <header>
        <h2>系统里有关我的信息</h2>
        <span className="x-muted">{holdings.length} 类</span>
        <span className="x-space" />
        <Button size="small" icon={<DownloadOutlined />} onClick={onDownload}>
          下载副本
        </Button>
      </header>
      {holdings.length === 0 && <p className="x-personal-none">没有</p>}
      {holdings.map((one) => (
        <Held key={one.resource} one={one} onAsk={() => onAsk(one.resource)} />
      ))}
    </section>
  )
}
function Held({ one, onAsk }: { one: Holding; onAsk: () => void }) {
  const count = `${one.count > 5000 ? '超过 5,000' : one.count.toLocaleString('zh-CN')} 条`
  return (
    <details className="x-personal-held">
      <summary>
        <b>
          <RightOutlined aria-hidden />
          {one.label}
        </b>
        <span>{count}</span>
        <span className="x-muted x-personal-source">
          {one.group}
          {one.sources.length > 0 && ` · 来自${one.sources.join('、')}`}
        </span>
      </summary>
      <p className="x-muted">包含：{one.fields.join('、')}</p>
      <p className="x-personal-ways">
        {one.lastAt && <span className="x-muted">最近修改 {formatInstant(one.lastAt)}</span>}
        {one.isOpen ? <Link to={`/r/${one.resource}`}>查看</Link> : <span className="x-muted">由管理部门保管，可请求查阅</span>}
        <button type="button" className="x-link" onClick={onAsk}>
          请求更正、删除
        </button>
      </p>
    </details>
  )
}

const standings = {
  given: <Tag tone="good">已同意</Tag>,
  refused: <Tag tone="neutral">不同意</Tag>,
  withdrawn: <Tag tone="warn">已撤回</Tag>,
  read: null,
} as const
function Consents({ privacy }: { privacy: OwnPrivacy }) {
  return (
    <section className="x-card">
      <header>
        <h2>我的同意</h2>
        <span className="x-muted">只有这些处理以同意为依据，撤回前已进行的处理仍然有效</span>
      </header>
      {privacy.consents.length === 0 && <p className="x-personal-none">现行隐私政策没有以同意为依据的处理</p>}
      {privacy.consents.map((one) => (
        <OneConsent key={one.code} one={one} />
      ))}
    </section>
  )
}
function OneConsent({ one }: { one: OwnConsent }) {
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const isGiven = one.stands === 'given'
  async function change() {
    try {
      client.setQueryData(privacyKey, await api.post<OwnPrivacy>(`/api/me/privacy/${one.code}`, { given: !isGiven }))
      void message.success(isGiven ? '已撤回，不再这样使用' : '已同意')
    } catch (fault) {
      void message.error(messageOf(fault))
    }
  }
  const ask = () =>
    modal.confirm({
      title: isGiven ? `撤回对“${one.name}”的同意？` : `同意“${one.name}”？`,
      content: isGiven ? `撤回后：${one.refusal ?? '不再这样使用'}` : `收集：${one.what}。保存：${one.keeps}。提供给：${one.recipients}`,
      okText: isGiven ? '撤回同意' : '同意',
      cancelText: '返回',
      onOk: change,
    })
  return (
    <div className="x-personal-consent">
      <div>
        <b>{one.name}</b> {one.isSensitive && <Tag tone="warn">敏感</Tag>}{' '}
        {one.stands ? standings[one.stands] : <Tag tone="neutral">尚未选择</Tag>}
        <p className="x-muted">
          {one.what}
          {one.since && `　${formatInstant(one.since)}`}
        </p>
      </div>
      <Button onClick={ask}>{isGiven ? '撤回' : '同意'}</Button>
    </div>
  )
}

function Readers({ readers }: Pick<PersonalAnswer, 'readers'>) {
  return (
    <section className="x-card">
      <header>
        <h2>近 90 天谁看过</h2>
      </header>
      {readers.length === 0 ? (
        <p className="x-personal-none">没有其他人打开过您的记录</p>
      ) : (
        <ul className="x-personal-readers">
          {readers.map((one) => (
            <li key={one.unit}>
              <b>{one.unit}</b>
              <span>
                {one.people} 人，{one.times} 次
              </span>
              <span className="x-muted">最近 {formatInstant(one.lastAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
