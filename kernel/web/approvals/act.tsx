import type { ApprovalAnswer, Field } from '#model'
import { Button, Checkbox } from 'antd'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useResource } from '../definitions/use-catalog.tsx'
import { lackOfAdmission } from './admissions.tsx'
import { SignaturePad } from '../fields/signature-pad.tsx'
import type { FormStore } from '../form/form-store.ts'
import { carriedChoice, ChoosePeople, lackOfChoice, type Chosen } from './choose-people.tsx'
import { LineCard } from './line-card.tsx'
import { ActBar } from './act-bar.tsx'
import { Minutes } from './minutes.tsx'
import { OpinionInput } from './opinion-input.tsx'
import { carried, nothingSaid } from './said.ts'
import { useAct, type Send } from './use-act.ts'
import { lack, summary, type Choice, type Choices } from './verdicts.ts'

interface Props {
  approval: ApprovalAnswer
  rows: readonly ({ id: string } & Record<string, unknown>)[]
  fields: Readonly<Record<string, Field>>
  onDone: () => void
  /** The fields that this step lets its person fill in. */
  section: FormStore | null
  /** What is read between the lines and the decision. */
  children: ReactNode
}

/** The lines with their decisions, and the bar of acts that this person has. */
export function Act({ approval, rows, fields, onDone, section, children }: Props) {
  const { task, minutes, acts } = approval.my
  const titleKey = Object.keys(fields).find((key) => fields[key]!.required) ?? Object.keys(fields)[0] ?? ''
  const open = rows.filter((row) => approval.items[row.id]?.state !== 'refused' && approval.items[row.id]?.state !== 'returned')
  // Passing is what mostly happens; whoever decides otherwise says so.
  const [choices, setChoices] = useState<Choices>(() =>
    task && !task.vote ? Object.fromEntries(open.map((row) => [row.id, { say: 'pass' as const }])) : {},
  )
  const [said, setSaid] = useState(nothingSaid)
  const [isChecked, setChecked] = useState(false)
  const [asking, setAsking] = useState<'sign' | 'minutes' | null>(null)
  const [chosen, setChosen] = useState<Chosen>({})
  const send = useAct(approval, onDone, (problems) =>
    section?.tell(problems.filter(({ field }) => section.resource.fields[field.split('.')[0]!])),
  )
  const lacking = lackOfAdmission(approval, rows.length ? choices : null, said.text)
  const isWhole = rows.length === 0
  const isVoting = task?.vote && isWhole

  const decide = (signature?: string) => {
    const what = isWhole ? { kind: 'approve' } : { kind: 'decideItems', verdicts: choices }
    const edits = section?.isDirty ? { changes: section.patch() } : {}
    const more = { ...carried(said), ...carriedChoice(task!.choose, chosen), ...edits, signature }
    return send({ ...what, task: task!.id, ...more }, '已提交')
  }
  function submit() {
    setChecked(true)
    const isUnfilled = (section?.check().length ?? 0) > 0 || task!.choose.some((one) => lackOfChoice(one, chosen))
    if (isUnfilled || open.some((row) => lack(choices[row.id])) || Object.keys(lacking.lines).length || lacking.opinion)
      return showProblem()
    if (task!.sign) setAsking('sign')
    else void decide()
  }
  const isDeciding = task && task.kind !== 'seal'

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
                problem={isChecked ? (lacking.lines[row.id] ?? null) : null}
                onChoose={task && open.includes(row) ? (choice) => setChoices({ ...choices, [row.id]: choice }) : null}
              />
            ))}
          </ul>
        </section>
      )}
      {children}
      {isDeciding && (
        <section className="x-card x-opinion">
          {task.insteadOf && <p className="x-instead">代 {task.insteadOf.name} 审批，经过中记两人姓名。</p>}
          <ChoosePeople asked={task.choose} value={chosen} onChange={setChosen} isChecked={isChecked} />
          <label htmlFor="opinion">意见</label>
          <OpinionInput
            id="opinion"
            value={said}
            onChange={setSaid}
            placeholder="可不填；输入 @ 提到同事"
            isInvalid={isChecked && lacking.opinion !== null}
          />
          {isChecked && lacking.opinion && (
            <p className="x-problem" role="alert">
              {lacking.opinion}
            </p>
          )}
        </section>
      )}
      <ActBar approval={approval} onSend={send}>
        {acts.resubmit && <Resubmit approval={approval} onSend={send} />}
        {minutes && (
          <Button type={task ? 'default' : 'primary'} onClick={() => setAsking('minutes')}>
            录入会议纪要
          </Button>
        )}
        {isDeciding && (
          <Button type="primary" onClick={submit}>
            {task.sign ? '签名' : ''}
            {isVoting ? '同意' : isWhole && task.kind === 'approve' ? '同意' : '提交'}
            {!isWhole && summary(choices) && ` · ${summary(choices)}`}
          </Button>
        )}
      </ActBar>
      {asking === 'sign' && (
        <SignaturePad title={`签名：${approval.title}`} onSigned={(id) => void decide(id)} onClose={() => setAsking(null)} />
      )}
      {asking === 'minutes' && (
        <Minutes approval={approval} rows={open} fields={fields} titleKey={titleKey} onClose={() => setAsking(null)} onDone={onDone} />
      )}
    </>
  )
}

/** What is wrong may stand above or below what is seen. */
function showProblem(): void {
  requestAnimationFrame(() => document.querySelector('.x-approval-main .x-problem')?.scrollIntoView({ block: 'center' }))
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

/** After a return: what the applicant can mend stands in his form; here he signs again and sends it on. */
function Resubmit({ approval, onSend }: { approval: ApprovalAnswer; onSend: Send }) {
  const [isSigning, setSigning] = useState(false)
  const [isStraight, setStraight] = useState(false)
  const navigate = useNavigate()
  const { resource, record, occasion } = approval
  const own = useResource(resource)?.form
  const form = approval.my.acts.mend
    ? `/approvals/${approval.instance}/mend`
    : occasion !== 'new'
      ? null
      : own
        ? `${own}?repair=${approval.instance}`
        : `/r/${resource}/${record.id}/edit`
  return (
    <>
      {approval.my.acts.resume && (
        <Checkbox checked={isStraight} onChange={(event) => setStraight(event.target.checked)}>
          直接送回退回人
        </Checkbox>
      )}
      {form && <Button onClick={() => void navigate(form)}>修改</Button>}
      <Button type="primary" onClick={() => setSigning(true)}>
        签名并重新提交
      </Button>
      {isSigning && (
        <SignaturePad
          title={`签名：${approval.title}`}
          onSigned={(signature) => void onSend({ kind: 'resubmit', signature, ...(isStraight ? { to: 'returner' } : {}) }, '已重新提交')}
          onClose={() => setSigning(false)}
        />
      )}
    </>
  )
}
