import type { ChoosePeople as Asked } from '#model'
import { Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import { ApiError } from '../api/problem.ts'
import { SignaturePad } from '../fields/signature-pad.tsx'
import { carriedChoice, ChoosePeople, lackOfChoice, type Chosen } from './choose-people.tsx'

interface Further {
  signature?: string
  chosen?: Chosen
}
type Sending<T> = (further: Further) => Promise<T>
type Wanted = { kind: 'signature' } | { kind: 'people'; asked: readonly Asked[] }
type Waiting = Wanted & { done: (further: Further) => void; stop: (error: Error) => void }

/** What a refusal says the flow wants of its applicant before it can begin. */
function wantedBy(error: unknown): Wanted | null {
  if (!(error instanceof ApiError)) return null
  const { refusal, choose } = error.problem as { refusal?: string; choose?: readonly Asked[] }
  if (refusal === 'signatureNeeded') return { kind: 'signature' }
  return refusal === 'chooseDeciders' && choose?.length ? { kind: 'people', asked: choose } : null
}
/** Sends; where the flow wants a handwritten signature or people chosen for its steps, asks for them and sends again. Closed without, nothing is sent. */
export function useSending(title: string): { sent: <T>(send: Sending<T>) => Promise<T>; asking: ReactNode } {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  async function sent<T>(send: Sending<T>): Promise<T> {
    let further: Further = {}
    for (;;)
      try {
        return await send(further)
      } catch (error) {
        const wanted = wantedBy(error)
        if (!wanted) throw error
        const more = await new Promise<Further>((done, stop) => setWaiting({ ...wanted, done, stop }))
        further = { ...further, ...more, ...(more.chosen ? { chosen: { ...further.chosen, ...more.chosen } } : {}) }
      }
  }
  const end = () => setWaiting(null)
  const props = waiting && {
    title,
    onDone: (further: Further) => {
      waiting.done(further)
      end()
    },
    onClose: () => {
      const why = waiting.kind === 'signature' ? '没有签名，申请没有提交' : '没有选择办理人，申请没有提交'
      waiting.stop(new ApiError({ type: 'about:blank', code: 'flowRefused', title: why, status: 409 }))
      end()
    },
  }
  const asking =
    waiting && props ? (
      waiting.kind === 'signature' ? (
        <SignaturePad title={`签名：${title}`} onSigned={(signature) => props.onDone({ signature })} onClose={props.onClose} />
      ) : (
        <PeopleDialog {...props} asked={waiting.asked} />
      )
    ) : null
  return { sent, asking }
}

interface DialogProps {
  title: string
  asked: readonly Asked[]
  onDone: (further: Further) => void
  onClose: () => void
}
function PeopleDialog({ title, asked, onDone, onClose }: DialogProps) {
  const [chosen, setChosen] = useState<Chosen>({})
  const [isChecked, setChecked] = useState(false)
  const send = () => {
    setChecked(true)
    if (!asked.some((one) => lackOfChoice(one, chosen))) onDone(carriedChoice(asked, chosen))
  }
  return (
    <Modal open title={`选择办理人：${title}`} okText="提交" onOk={send} onCancel={onClose}>
      <ChoosePeople asked={asked} value={chosen} onChange={setChosen} isChecked={isChecked} />
    </Modal>
  )
}
