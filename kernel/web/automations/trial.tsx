import { hasRecord, type Automation, type AutomationTrial } from '#model'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { ApiError } from '../api/problem.ts'
import { RecordPicker } from '../fields/record-picker.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { Results } from './results.tsx'
import { apiOf } from './use-automation.ts'

/** 试运行: what it would do with a record, or the newest ones, by the very code that does it; nothing of it stays. */
export function Trial({ name, automation, problems }: { name: string; automation: Automation; problems: number }) {
  const [record, setRecord] = useState<string | null>(null)
  const [hook, setHook] = useState('')
  const [found, setFound] = useState<AutomationTrial | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isTrying, setTrying] = useState(false)
  const isAboutRecord = hasRecord(automation)
  async function run() {
    setTrying(true)
    setError(null)
    try {
      const said = hook.trim() ? (parsed(hook) ?? hook) : undefined
      setFound(await api.post<AutomationTrial>(apiOf(name, '/try'), { content: automation, record: isAboutRecord ? record : null, hook: said }))
    } catch (problem) {
      setFound(null)
      setError(problem)
    }
    setTrying(false)
  }
  const isOld = found !== null && JSON.stringify(found.automation.acts) + JSON.stringify(found.automation.where) !== JSON.stringify(automation.acts) + JSON.stringify(automation.where)
  const wrong = error instanceof ApiError ? error.fieldProblems[0]?.message : undefined
  return (
    <section className="x-card r-preview" aria-label="试运行" aria-busy={isTrying}>
      <header>
        试运行
        <span className="x-space" />
        <small className="x-faint">不会写入，也不会发出</small>
      </header>
      <div className="a-trial">
        {isAboutRecord && automation.resource && <RecordPicker target={automation.resource} value={record} placeholder="最近 10 条记录，或选择一条" onChange={(id: string | null) => setRecord(id)} />}
        {automation.when.kind === 'webhook' && <Input.TextArea aria-label="示例内容" autoSize={{ minRows: 2, maxRows: 6 }} placeholder='示例内容，例如 {"amount": 100}' value={hook} onChange={(event) => setHook(event.target.value)} />}
        <Button loading={isTrying} disabled={problems > 0} onClick={() => void run()}>试运行</Button>
      </div>
      {problems > 0 ? (
        <Notice kind="empty" title="改好以后才能试运行" text={`还有 ${problems} 处问题。`} />
      ) : wrong ? (
        <Notice kind="fault" title={wrong} />
      ) : error ? (
        <Failed error={error} retry={() => void run()} />
      ) : isTrying && !found ? (
        <Skeleton rows={4} />
      ) : !found ? (
        <Notice kind="empty" title="还没有试过" text="按现在画的内容真正做一遍，再全部撤销。" />
      ) : (
        <Tries trial={found} isOld={isOld} />
      )}
    </section>
  )
} // prettier-ignore
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
function Tries({ trial, isOld }: { trial: AutomationTrial; isOld: boolean }) {
  if (trial.tries.length === 0) return <Notice kind="empty" title="没有可以试的记录" text="还没有这种记录，或您看不到它们。" />
  const passing = trial.tries.filter(({ passes }) => passes).length
  return (
    <>
      <p className="a-total" role="status">
        {trial.tries.length} 次中会执行 <b>{passing}</b> 次{isOld && <span className="x-faint">（之后又有改动，请再试一次）</span>}
      </p>
      <ul className="a-tries">
        {trial.tries.map((one, n) => (
          <li key={n} className={one.passes ? '' : 'off'}>
            <header>
              <b>{one.record?.title ?? one.cause}</b>
              <Tag tone={!one.passes ? 'neutral' : one.problem ? 'bad' : 'good'}>{!one.passes ? '不执行' : one.problem ? '会失败' : '会执行'}</Tag>
            </header>
            {one.problem && <p className={one.passes ? 'x-problem' : 'x-faint'}>{one.problem}</p>}
            <Results results={one.results} isTrial />
          </li>
        ))}
      </ul>
    </>
  )
} // prettier-ignore
