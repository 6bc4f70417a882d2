import type { FlowMoveAnswer, FlowReplacementItem } from '#model'
import { formatInstant } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PersonPicker } from '../fields/record-picker.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import { Results } from './results.tsx'

const key = ['flow-replacements']
/** 替换审批人: one person in place of another wherever a flow names him. */
export function Replacements() {
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<FlowReplacementItem[]>('/api/flow-replacements', {}, signal),
  })
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const [isMaking, setMaking] = useState(false)
  const end = (one: FlowReplacementItem) =>
    modal.confirm({
      title: `不再由 ${one.to.name} 接替 ${one.from.name}？`,
      content: '之后提交的按流程原来的指定；正在进行的不变。',
      okText: '结束接替',
      onOk: () =>
        api.post(`/api/flow-replacements/${one.id}/end`).then(
          () => void client.invalidateQueries({ queryKey: key }),
          (problem: unknown) => void message.error(messageOf(problem)),
        ),
    })
  return (
    <section className="x-card x-binding">
      <header>
        <h2>替换审批人</h2>
        <span className="x-space" />
        <Button size="small" onClick={() => setMaking(true)}>
          替换…
        </Button>
      </header>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={2} />
      ) : data.length === 0 ? (
        <p className="x-muted">指名审批的人离任时，在这里一次换成接替的人；按岗位、角色审批的自动跟随，不必替换。</p>
      ) : (
        <ul className="x-entries">
          {data.map((one) => (
            <li key={one.id}>
              <p>
                {one.from.name} → {one.to.name} {one.endedAt && <Tag tone="neutral">已结束</Tag>}
              </p>
              <small>
                {one.reason} · {one.byName} · {formatInstant(one.at)}
              </small>
              {!one.endedAt && (
                <Button size="small" onClick={() => end(one)}>
                  结束
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {isMaking && <NewReplacement onClose={() => setMaking(false)} />}
    </section>
  )
}

function NewReplacement({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const { isSending, problems, problem, send } = useSend()
  const [given, setGiven] = useState({ from: null as string | null, to: null as string | null, reason: '' })
  const [results, setResults] = useState<FlowMoveAnswer['results'] | null>(null)
  const replace = () =>
    send(async () => {
      setResults((await api.post<FlowMoveAnswer>('/api/flow-replacements', given)).results)
      for (const queryKey of [key, ['flow-versions']]) void client.invalidateQueries({ queryKey })
    })
  return (
    <Modal
      open
      title="替换审批人"
      okText={results ? '完成' : '替换'}
      cancelText="取消"
      okButtonProps={{ loading: isSending }}
      onCancel={onClose}
      onOk={results ? onClose : () => void replace()}
    >
      {results ? (
        <Results results={results} />
      ) : (
        <div className="x-act-form">
          <label htmlFor="replace-from">原审批人</label>
          <PersonPicker
            id="replace-from"
            value={given.from}
            onChange={(from) => setGiven({ ...given, from })}
            isInvalid={!!problems['from']}
          />
          {problem('from')}
          <label htmlFor="replace-to">接替人</label>
          <PersonPicker id="replace-to" value={given.to} onChange={(to) => setGiven({ ...given, to })} isInvalid={!!problems['to']} />
          {problem('to')}
          <label>
            原因
            <Input
              value={given.reason}
              maxLength={200}
              placeholder="如：调离"
              onChange={(event) => setGiven({ ...given, reason: event.target.value })}
            />
          </label>
          {problem('reason')}
          {problem('')}
        </div>
      )}
    </Modal>
  )
}
