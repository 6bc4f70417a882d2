import type { FlowDesign, FlowPublishPreview } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { messageOf } from '../../api/problem.ts'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import { Result } from './cases.tsx'
import { useWorld } from './context.ts'
import { Differences } from './differences.tsx'
import { designsKey, designUrl } from './use-design.ts'

/** 发布: what would count from now on, seen before it does. */
export function Publish({ onClose, onFault }: { onClose: () => void; onFault: (path: string) => void }) {
  const { design, flush, reload, saving, tests } = useWorld()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const [isChecked, setChecked] = useState(false)
  const [isSending, setSending] = useState(false)
  const preview = useQuery({
    queryKey: [...designsKey, design.flow, 'preview'],
    queryFn: async ({ signal }) => {
      if ((await flush()) === null) return null
      return api.get<FlowPublishPreview>(designUrl(design.flow, '/preview'), {}, signal)
    },
    staleTime: 0,
    gcTime: 0,
  })
  const { data } = preview
  const isSame = data?.revision === 0
  const isStopped = !data || isSame || data.problems.length > 0 || data.tests.some(({ passed }) => !passed)
  async function publish({ revision }: FlowPublishPreview) {
    setChecked(true)
    if (!note.trim()) return
    setSending(true)
    try {
      await api.post(designUrl(design.flow, '/publish'), { revision, note: note.trim() })
      reload(await api.get<FlowDesign>(designUrl(design.flow)))
      for (const queryKey of [designsKey, ['flows'], ['flow-versions']]) void client.invalidateQueries({ queryKey })
      void message.success('已发布，之后提交的按新的流程')
      onClose()
    } catch (error) {
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <Modal
      open
      width={640}
      title="发布流程"
      onCancel={onClose}
      footer={[
        <Button key="no" onClick={onClose}>
          再改改
        </Button>,
        <Button key="yes" type="primary" loading={isSending} disabled={isStopped} onClick={() => data && void publish(data)}>
          发布
        </Button>,
      ]}
    >
      {preview.error ? <Failed error={preview.error} retry={() => void preview.refetch()} /> : data === null ? <Notice kind="fault" title="改动还没有保存，不能发布" text={'why' in saving ? saving.why : undefined} act={{ label: '重试', run: () => void preview.refetch() }} /> : !data ? <Skeleton rows={5} /> : <Preview data={data} labels={new Map(tests.map(({ id, label }) => [id, label]))} onFault={(path) => (onClose(), onFault(path))} />}
      {isSame && <p className="x-muted">没有改动，不必发布。</p>}
      {!isStopped && (
        <label className="x-set">
          说明（与这一版一起保存）
          <Input.TextArea autoFocus value={note} rows={2} maxLength={500} placeholder="改了什么，为什么" status={isChecked && !note.trim() ? 'error' : ''} onChange={(event) => setNote(event.target.value)} />
          {isChecked && !note.trim() && <span className="x-problem" role="alert">请填写说明</span>}
        </label>
      )}
    </Modal>
  )
} // prettier-ignore

function Preview({ data, labels, onFault }: { data: FlowPublishPreview; labels: ReadonlyMap<string, string>; onFault: (path: string) => void }) {
  const failed = data.tests.filter(({ passed }) => !passed).length
  return (
    <div className="x-publish">
      {data.problems.length > 0 && (
        <section>
          <h3>还有 {data.problems.length} 处问题，改好才能发布</h3>
          <ul className="x-panel-faults">
            {data.problems.map((one, at) => (
              <li key={at}>
                <button type="button" className="x-link" onClick={() => onFault(one.path)}>
                  {one.message}
                </button>
                <small>{one.advice}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{data.tests.length === 0 ? '没有用例' : failed ? `${failed} 个用例不符，改好才能发布` : `${data.tests.length} 个用例全部通过`}</h3>
        {data.tests.length === 0 && <p className="x-muted">试运行后可以存为用例，防止以后的改动悄悄改变审批。</p>}
        <ul className="x-case-results">
          {data.tests.map((one) => (
            <li key={one.id}>
              <Result result={one} /> {labels.get(one.id)}
              {one.differences.map((words) => (
                <p key={words} className="x-problem">
                  {words}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>与现行版本的不同</h3>
        <Differences differences={data.differences} />
      </section>
      {data.running > 0 && <p className="x-why">{data.running} 件进行中的申请继续按原来的版本办完。</p>}
    </div>
  )
} // prettier-ignore
