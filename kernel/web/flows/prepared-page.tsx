import type { PreparedItem, PreparedSigned } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { SignaturePad } from '../fields/signature-pad.tsx'
import { ago } from '../parts/ago.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { preparedKey, usePrepared } from './use-prepared.ts'
import './flows.css'

/** 待我签名: what others filled in for me, signed together with one signature; each is its own request. */
export default function PreparedPage() {
  const { data, error, refetch } = usePrepared()
  return (
    <div className="x-page">
      <PageHead title="待我签名" />
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={5} />
      ) : data.length === 0 ? (
        <Notice kind="empty" title="没有等您签名的申请" text="秘书为您填好的申请会出现在这里，核对后一次签名即可全部提交。" />
      ) : (
        <Forms forms={data} />
      )}
    </div>
  )
}

function Forms({ forms }: { forms: readonly PreparedItem[] }) {
  const mine = forms.filter((one) => one.isMine)
  const others = forms.filter((one) => !one.isMine)
  const client = useQueryClient()
  const { message } = App.useApp()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [isSigning, setSigning] = useState(false)
  const [results, setResults] = useState<PreparedSigned['results']>([])
  const chosen = mine.filter((one) => !left.has(one.id))
  const forget = () => {
    for (const queryKey of [preparedKey, keys.tasks, keys.counts, ['records'], ['privileges']]) void client.invalidateQueries({ queryKey })
  }
  async function sign(signature: string) {
    try {
      const answer = await api.post<PreparedSigned>('/api/prepared/sign', { ids: chosen.map((one) => one.id), signature })
      const done = answer.results.filter((one) => one.ok).length
      setResults(answer.results)
      if (done) void message.success(`${done} 份已提交`)
      if (done < answer.results.length) void message.warning(`${answer.results.length - done} 份没有提交，原因见各行`)
      forget()
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  async function drop(id: string) {
    try {
      await api.delete(`/api/prepared/${id}`)
      forget()
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  return (
    <>
      {mine.length > 0 && (
        <ul className="x-card x-prepared">
          {mine.map((one) => (
            <li key={one.id}>
              <Checkbox
                checked={!left.has(one.id)}
                aria-label={`选择：${one.title}`}
                onChange={(event) => setLeft(new Set([...left].filter((id) => id !== one.id).concat(event.target.checked ? [] : [one.id])))}
              />
              <Form form={one} said={`${one.byName} 填`} problem={results.find((result) => result.id === one.id && !result.ok)?.message} />
              <span className="x-prepared-acts">
                {one.link && <Link to={one.link}>核对、修改</Link>}
                <Button type="text" size="small" onClick={() => void drop(one.id)}>
                  不申请
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <>
          <h2 className="x-prepared-head">我代填的，等本人签名</h2>
          <ul className="x-card x-prepared">
            {others.map((one) => (
              <li key={one.id}>
                <Form form={one} said={`等 ${one.forName} 签名`} />
                <Button type="text" size="small" onClick={() => void drop(one.id)}>
                  撤销
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
      {mine.length > 0 && (
        <footer className="x-acts">
          <Button type="primary" disabled={chosen.length === 0} onClick={() => setSigning(true)}>
            签名提交 {chosen.length} 份
          </Button>
        </footer>
      )}
      {isSigning && (
        <SignaturePad title={`签名：${chosen.length} 份申请`} onSigned={(id) => void sign(id)} onClose={() => setSigning(false)} />
      )}
    </>
  )
}
function Form({ form, said, problem }: { form: PreparedItem; said: string; problem?: string | undefined }) {
  return (
    <span className="x-prepared-text">
      <b>{form.title}</b>
      {form.summary && <span>{form.summary}</span>}
      <small>
        {said} · {ago(form.at)}
      </small>
      {problem && <span className="x-problem">没有提交：{problem}</span>}
    </span>
  )
}
