import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import type { FlowTestCase, FlowTestResult } from '#model'
import { flowTrialEnds } from '#kernel/model/api-flow-design.ts'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { messageOf } from '../../api/problem.ts'
import { useTitles } from '../../fields/titles.tsx'
import { Notice } from '../../parts/states.tsx'
import { useWorld } from './context.ts'
import { wordsOfCase } from './trial-words.tsx'
import { labelOf, stepsOf, type Drawn } from './tree.ts'
import { designUrl } from './use-design.ts'

/** 用例: what the flow must do before it may be published. */
export function Cases({ onTry }: { onTry: () => void }) {
  const { tests, setTests, definition, design } = useWorld()
  const { message } = App.useApp()
  const [results, setResults] = useState<{ of: Drawn; tests: readonly FlowTestCase[]; list: readonly FlowTestResult[] } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const names = useTitles('directory.person', [...new Set(tests.flatMap((one) => [one.applicant, ...one.expect.flatMap(({ people = [] }) => people)]))])
  const people = new Map([...new Set(tests.flatMap((one) => [one.applicant, ...one.expect.flatMap(({ people: ids = [] }) => ids)]))].map((id, at) => [id, names[at] ?? '…']))
  const labels = new Map(stepsOf(definition).flatMap(({ step }) => ('id' in step ? [[step.id, labelOf(step)] as const] : [])))
  async function run() {
    setBusy(true)
    try {
      const list = await api.post<FlowTestResult[]>(designUrl(design.flow, '/test'), { definition, tests })
      setResults({ of: definition, tests, list })
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  const current = results?.of === definition && results.tests === tests ? results.list : null
  if (tests.length === 0)
    return <Notice kind="empty" title="还没有用例" text="试运行之后，把看到的经过存为用例；以后每次发布前都会核对，改动不会悄悄改变别人的审批。" act={{ label: '去试运行', run: onTry }} />
  return (
    <div className="x-cases">
      <div className="x-row">
        <Button type="primary" loading={isBusy} onClick={() => void run()}>
          全部运行
        </Button>
        {current && <span role="status">{`${current.filter(({ passed }) => passed).length} 个通过，${current.filter(({ passed }) => !passed).length} 个不符`}</span>}
      </div>
      <ul className="x-card x-case-list">
        {tests.map((one, at) => {
          const result = current?.find(({ id }) => id === one.id)
          return (
            <li key={one.id}>
              <Result result={result} />
              <div>
                <Input aria-label="用例名称" variant="borderless" value={one.label} maxLength={100} onChange={(event) => setTests(tests.with(at, { ...one, label: event.target.value }), `case ${one.id} label`)} />
                <p className="x-muted x-small">
                  申请人 {people.get(one.applicant)}：
                  {one.expect.map(({ step, people: ids }) => `${labels.get(step) ?? step}${ids ? `（${ids.map((id) => people.get(id)).join('、')}）` : ''}`).join(' → ')}
                  {one.ends && `；${wordsOfCase(one.words, (step) => labels.get(step) ?? step)}，结果${flowTrialEnds[one.ends]}`}
                </p>
                {result?.differences.map((words) => (
                  <p key={words} className="x-problem">
                    {words}
                  </p>
                ))}
              </div>
              <Button type="text" size="small" onClick={() => setTests(tests.toSpliced(at, 1))}>
                删除
              </Button>
            </li>
          )
        })}
      </ul>
    </div>
  )
} // prettier-ignore
export function Result({ result }: { result: FlowTestResult | undefined }) {
  if (!result) return <i className="x-case-open" aria-label="未运行" />
  return result.passed ? <CheckCircleFilled className="good" aria-label="通过" /> : <CloseCircleFilled className="bad" aria-label="不符" />
}
