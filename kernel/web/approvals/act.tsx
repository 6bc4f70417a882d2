import type { ApprovalAnswer, Field } from '#model'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { PersonPicker } from '../fields/record-picker.tsx'
import { SignaturePad } from '../fields/signature-pad.tsx'
import { LineCard } from './line-card.tsx'
import { Minutes } from './minutes.tsx'
import { useAct } from './use-act.ts'
import { lack, summary, type Choice, type Choices } from './verdicts.ts'

interface Props {
  approval: ApprovalAnswer
  rows: readonly ({ id: string } & Record<string, unknown>)[]
  fields: Readonly<Record<string, Field>>
  onDone: () => void
}

/** The lines with their decisions, and the bar of acts that this person has. */
export function Act({ approval, rows, fields, onDone }: Props) {
  const { task, minutes, withdraw, resubmit } = approval.my
  const titleKey = Object.keys(fields).find((key) => fields[key]!.required) ?? Object.keys(fields)[0] ?? ''
  const open = rows.filter((row) => approval.items[row.id]?.state !== 'refused' && approval.items[row.id]?.state !== 'returned')
  // Passing is what mostly happens; whoever decides otherwise says so.
  const [choices, setChoices] = useState<Choices>(() =>
    task && !task.vote ? Object.fromEntries(open.map((row) => [row.id, { say: 'pass' as const }])) : {},
  )
  const [opinion, setOpinion] = useState('')
  const [isChecked, setChecked] = useState(false)
  const [asking, setAsking] = useState<'sign' | 'transfer' | 'minutes' | 'withdraw' | null>(null)
  const send = useAct(approval, onDone)
  const isWhole = rows.length === 0

  const decide = (signature?: string) =>
    send(
      isWhole
        ? { kind: 'approve', task: task!.id, opinion, signature }
        : { kind: 'decideItems', task: task!.id, verdicts: choices, opinion, signature },
      '已提交',
    )
  function submit() {
    setChecked(true)
    if (open.some((row) => lack(choices[row.id]))) return
    if (task!.sign) setAsking('sign')
    else void decide()
  }

  return (
    <>
      {rows.length > 0 && (
        <section className="x-card x-lines">
          <h2>{task ? '逐项决定' : '申请项目'}</h2>
          {task && open.length > 1 && <AllAtOnce rows={open} vote={task.vote} onChoose={setChoices} />}
          <ul>
            {rows.map((row) => (
              <LineCard
                key={row.id}
                approval={approval}
                row={row}
                fields={fields}
                titleKey={titleKey}
                choice={choices[row.id]}
                isChecked={isChecked}
                onChoose={task && open.includes(row) ? (choice) => setChoices({ ...choices, [row.id]: choice }) : null}
              />
            ))}
          </ul>
        </section>
      )}
      {task && (
        <section className="x-card x-opinion">
          <label htmlFor="opinion">意见</label>
          <Input.TextArea
            id="opinion"
            autoSize={{ minRows: 1, maxRows: 5 }}
            maxLength={2000}
            value={opinion}
            placeholder="可不填"
            onChange={(event) => setOpinion(event.target.value)}
          />
        </section>
      )}
      {(task || minutes || withdraw || resubmit) && (
        <footer className="x-acts">
          {withdraw && <Button onClick={() => setAsking('withdraw')}>撤回申请</Button>}
          {resubmit && <Resubmit approval={approval} onSend={send} />}
          {minutes && (
            <Button type={task ? 'default' : 'primary'} onClick={() => setAsking('minutes')}>
              录入会议纪要
            </Button>
          )}
          {task?.acts.includes('transfer') && <Button onClick={() => setAsking('transfer')}>转办</Button>}
          {task && (
            <Button type="primary" onClick={submit}>
              {task.sign ? '签名提交' : '提交'}
              {summary(choices) && ` · ${summary(choices)}`}
            </Button>
          )}
        </footer>
      )}
      {asking === 'sign' && (
        <SignaturePad title={`签名：${approval.title}`} onSigned={(id) => void decide(id)} onClose={() => setAsking(null)} />
      )}
      {asking === 'transfer' && (
        <Transfer onClose={() => setAsking(null)} onSend={(to) => send({ kind: 'transfer', task: task!.id, to, opinion }, '已转办')} />
      )}
      {asking === 'withdraw' && <Withdraw onClose={() => setAsking(null)} onSend={() => send({ kind: 'withdraw' }, '已撤回')} />}
      {asking === 'minutes' && (
        <Minutes approval={approval} rows={open} fields={fields} titleKey={titleKey} onClose={() => setAsking(null)} onDone={onDone} />
      )}
    </>
  )
}

function AllAtOnce({ rows, vote, onChoose }: { rows: Props['rows']; vote: boolean; onChoose: (choices: Choices) => void }) {
  const all = (choice: Choice) => onChoose(Object.fromEntries(rows.map((row) => [row.id, choice])))
  return (
    <p className="x-all">
      <Button size="small" onClick={() => all({ say: 'pass' })}>
        {vote ? '全部同意' : '全部通过'}
      </Button>
      {vote && (
        <Button size="small" onClick={() => all({ say: 'recuse' })}>
          全部回避
        </Button>
      )}
    </p>
  )
}

function Transfer({ onClose, onSend }: { onClose: () => void; onSend: (to: string) => Promise<boolean> }) {
  const [to, setTo] = useState<string | null>(null)
  const navigate = useNavigate()
  return (
    <Modal
      open
      title="转办给"
      okText="转办"
      cancelText="取消"
      okButtonProps={{ disabled: !to }}
      onCancel={onClose}
      onOk={() => to && void onSend(to).then((ok) => ok && navigate('/tasks'))}
    >
      <PersonPicker value={to} onChange={setTo} />
      <p className="x-faint">转办后由对方决定，您不再参与；经过中保留双方姓名。</p>
    </Modal>
  )
}
function Withdraw({ onClose, onSend }: { onClose: () => void; onSend: () => Promise<boolean> }) {
  return (
    <Modal
      open
      title="撤回这份申请？"
      okText="撤回申请"
      cancelText="不撤回"
      okButtonProps={{ danger: true }}
      onCancel={onClose}
      onOk={() => void onSend().then(onClose)}
    >
      <p>撤回后申请结束，需要时请重新申请。</p>
    </Modal>
  )
}

/** After a return: what the applicant can mend stands in his form; here he signs again and sends it on. */
function Resubmit({
  approval,
  onSend,
}: {
  approval: ApprovalAnswer
  onSend: (act: Record<string, unknown>, done: string) => Promise<boolean>
}) {
  const [isSigning, setSigning] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <Button onClick={() => void navigate(`/privileges/application?repair=${approval.instance}`)}>修改</Button>
      <Button type="primary" onClick={() => setSigning(true)}>
        签名并重新提交
      </Button>
      {isSigning && (
        <SignaturePad
          title={`签名：${approval.title}`}
          onSigned={(signature) => void onSend({ kind: 'resubmit', signature }, '已重新提交')}
          onClose={() => setSigning(false)}
        />
      )}
    </>
  )
}
