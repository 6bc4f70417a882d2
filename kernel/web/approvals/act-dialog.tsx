import type { ApprovalAnswer } from '#model'
import { Checkbox, Input, InputNumber, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { PersonPicker, PersonsPicker } from '../fields/record-picker.tsx'
import { lacks, nothingAsked, type Asked, type DialogKey, type DialogSpec } from './dialogs.ts'
import { OpinionInput } from './opinion-input.tsx'
import { Phrases } from './phrases.tsx'
import type { Send } from './use-act.ts'

interface Props {
  id: DialogKey
  spec: DialogSpec
  approval: ApprovalAnswer
  onSend: Send
  onClose: () => void
}

/** Asks for what an act needs, and sends it. */
export function ActDialog({ id, spec, approval, onSend, onClose }: Props) {
  const [asked, setAsked] = useState<Asked>({ ...nothingAsked, choice: spec.choice?.options[0]?.value ?? '' })
  const [isChecked, setChecked] = useState(false)
  const [isSending, setSending] = useState(false)
  const navigate = useNavigate()
  const put = (change: Partial<Asked>) => setAsked((before) => ({ ...before, ...change }))
  const missing = isChecked ? lacks(id, spec, asked) : null
  async function send() {
    setChecked(true)
    if (lacks(id, spec, asked)) return
    setSending(true)
    const isSent = await onSend(spec.act(asked, approval), spec.done)
    setSending(false)
    if (!isSent) return
    onClose()
    if (spec.leaves) void navigate('/tasks')
  }
  return (
    <Modal
      open
      title={spec.title}
      okText={spec.ok}
      cancelText="取消"
      okButtonProps={{ danger: spec.isDanger ?? false, loading: isSending }}
      onCancel={onClose}
      onOk={() => void send()}
    >
      <div className="x-act-form">
        {spec.people === 'one' && (
          <PersonPicker
            value={asked.people[0] ?? null}
            onChange={(one) => put({ people: one ? [one] : [] })}
            isInvalid={!!missing?.people}
          />
        )}
        {spec.people === 'many' && (
          <PersonsPicker value={asked.people} onChange={(people) => put({ people })} isInvalid={!!missing?.people} />
        )}
        {missing?.people && <p className="x-problem">{missing.people}</p>}
        {spec.choice && (
          <fieldset>
            <legend>{spec.choice.label}</legend>
            <Radio.Group
              value={asked.choice}
              onChange={(event) => put({ choice: String(event.target.value) })}
              options={spec.choice.options}
              className="x-act-choice"
            />
            {missing?.choice && <p className="x-problem">{missing.choice}</p>}
          </fieldset>
        )}
        {spec.copies && (
          <label>
            用印份数
            <InputNumber min={1} max={999} precision={0} value={asked.copies} onChange={(copies) => put({ copies: copies ?? 1 })} />
          </label>
        )}
        {spec.text && (
          <div className="x-act-words">
            <label htmlFor="act-words">{spec.text.label}</label>
            {spec.text.isPlain ? (
              <>
                <Input.TextArea
                  id="act-words"
                  autoSize={{ minRows: 2, maxRows: 6 }}
                  maxLength={2000}
                  value={asked.text}
                  status={missing?.text ? 'error' : ''}
                  onChange={(event) => put({ text: event.target.value })}
                />
                <Phrases value={asked.text} onPick={(text) => put({ text })} />
              </>
            ) : (
              <OpinionInput id="act-words" value={asked} onChange={put} isInvalid={!!missing?.text} />
            )}
          </div>
        )}
        {missing?.text && <p className="x-problem">{missing.text}</p>}
        {spec.urgent && (
          <Checkbox checked={asked.urgent} onChange={(event) => put({ urgent: event.target.checked })}>
            紧急：下班时间也提醒
          </Checkbox>
        )}
        {spec.hint && <p className="x-faint">{spec.hint}</p>}
      </div>
    </Modal>
  )
}
