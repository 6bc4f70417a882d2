import { addDays, type DesignAnswer, type Field, type TrialItem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { DateInput } from '../fields/date-inputs.tsx'
import { PersonsPicker } from '../fields/record-picker.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useSend } from '../parts/use-send.tsx'
import { TrialCard } from './trial-card.tsx'
import { trialKey, useTrial } from './use-trial.ts'
import './trials.css'

interface Props {
  items: readonly Pick<DesignAnswer, 'kind' | 'name'>[]
  /** Saves what waits; null: it could not be saved. */
  flush: () => Promise<number | null>
  onClose: () => void
}
const usualDays = 14
/** The server bounds how long, and says so. */
const day = (min: string) => ({ kind: 'date', label: '', options: { min } }) as unknown as Field<'date'>
/** 试用: drafts are given to chosen people before anything of them counts; or what is tried at present. */
export function TrialDialog({ items, flush, onClose }: Props) {
  const { data: trial, error, refetch } = useTrial()
  return (
    <Modal open width={560} title="试用" onCancel={onClose} footer={null} destroyOnHidden>
      {error ? <Failed error={error} retry={() => void refetch()} /> : trial === undefined ? <Skeleton rows={4} /> : trial ? (
        <>
          {!items.every(({ kind, name }) => trial.pieces.some((one) => one.kind === kind && one.name === name)) && <p>试用空间一次只有一个，现在试用的是：</p>}
          <TrialCard trial={trial} mayEnd />
        </>
      ) : <Begin items={items} flush={flush} />}
    </Modal>
  )
} // prettier-ignore

function Begin({ items, flush }: Omit<Props, 'onClose'>) {
  const { today } = useMe()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [people, setPeople] = useState<string[]>([])
  const [until, setUntil] = useState<string | null>(() => addDays(today, usualDays))
  const { isSending, problems, problem, send } = useSend()
  const begin = () =>
    send(async () => {
      if ((await flush()) === null) throw new Error('改动还没有保存，不能试用')
      const { trial } = await api.post<{ trial: TrialItem }>('/api/trial', { items, people, until })
      client.setQueryData(trialKey, trial)
      void message.success('正在准备，好了会告诉试用的人')
    })
  const others = Object.entries(problems).filter(([field]) => field !== 'people' && field !== 'until')
  return (
    <div className="x-trial-form">
      <p className="x-muted">试用的人在单独的空间里填表、审批、看报表，用的是现在的草稿。组织、人员和表单要引用的目录会带过去（不含受保护的内容），正式记录一条也不动。</p>
      <div>
        <label htmlFor="trial-people">请谁试用</label>
        <PersonsPicker id="trial-people" value={people} onChange={setPeople} isInvalid={!!problems['people']} />
        {problem('people')}
      </div>
      <div>
        <label htmlFor="trial-until">试用到</label>
        <DateInput id="trial-until" field={day(today)} value={until} isInvalid={!!problems['until']} onBlur={() => undefined} onChange={(day) => setUntil(day as string | null)} />
        {problem('until')}
      </div>
      {others.map(([field, words]) => <p key={field} className="x-problem" role="alert">{words}</p>)}
      <div>
        <Button type="primary" loading={isSending} onClick={() => void begin()}>开始试用</Button>
      </div>
    </div>
  )
} // prettier-ignore
