import { InputNumber } from 'antd'
import type { Fraction, Handled, VoteRule } from '#kernel/model/flow/definition.ts'
import { modeChoices } from '#kernel/model/flow/sentences.ts'
import { useTitles } from '../../../fields/titles.tsx'
import { begunDecider, withMode } from '../steps.ts'
import { modeOf, type ModeKind } from '../words.ts'
import { DeciderInput } from './decider.tsx'
import { Pick, Setting, SettingSwitch } from './set.tsx'

const parts: readonly Fraction[] = [[1, 2], [3, 5], [2, 3], [3, 4], [4, 5], [1, 1]] // prettier-ignore
const word = ([over, under]: Fraction): string => (over === under ? '全体' : `${over}/${under}`)
const read = (text: string): Fraction => text.split('/').map(Number) as unknown as Fraction
const keyOf = (fraction: Fraction): string => fraction.join('/')
const quorums = parts.map((one) => ({ value: keyOf(one), label: `${word(one)}到会` }))
const shares = [
  ...parts.slice(0, -1).map((one) => ({ value: `moreThan ${keyOf(one)}`, label: `超过 ${word(one)} 同意` })),
  ...parts.map((one) => ({ value: `atLeast ${keyOf(one)}`, label: one[0] === one[1] ? '全体同意' : `不少于 ${word(one)} 同意` })),
]

/** How several people come to one decision. */
export function ModeInput({ step, onChange }: { step: Handled; onChange: (step: Handled) => void }) {
  const kinds = Object.keys(modeChoices) as ModeKind[]
  return (
    <>
      <div className="x-mode" role="radiogroup" aria-label="几个人怎么决定">
        {kinds.map((kind) => (
          <button key={kind} type="button" role="radio" aria-checked={modeOf(step.mode) === kind} onClick={() => onChange(withMode(step, kind))}>
            <b>{modeChoices[kind].name}</b>
            <small>{modeChoices[kind].means}</small>
          </button>
        ))}
      </div>
      {typeof step.mode === 'object' && <Vote step={step} vote={step.mode.vote} onChange={onChange} />}
    </>
  ) // prettier-ignore
}

function Vote({ step, vote, onChange }: { step: Handled; vote: VoteRule; onChange: (step: Handled) => void }) {
  const put = (part: Partial<VoteRule>) => onChange({ ...step, mode: { vote: { ...vote, ...part } } })
  const share = 'moreThan' in vote.share ? `moreThan ${keyOf(vote.share.moreThan)}` : `atLeast ${keyOf(vote.share.atLeast)}`
  return (
    <>
      <Setting label="法定人数" hint="不足时不能表决">
        {(id) => <Pick id={id} value={keyOf(vote.quorum)} options={quorums} onChange={(text) => put({ quorum: read(text) })} />}
      </Setting>
      <Setting label="通过" hint="按应到人数减去回避的人计算，弃权不算同意">
        {(id) => <Pick id={id} value={share} options={shares} onChange={(text) => put({ share: shareOf(text) })} />}
      </Setting>
      <Setting label="平票时">
        {(id) => <Pick id={id} value={vote.tie} options={[{ value: 'refuse', label: '不通过' }, { value: 'chair', label: '由主持人决定' }]} onChange={(tie) => onChange({ ...step, mode: { vote: withTie(vote, tie) } })} />}
      </Setting>
      {vote.tie === 'chair' && vote.chair && <Setting label="主持人">{() => <DeciderInput label="主持人" value={vote.chair!} onChange={(chair) => put({ chair })} />}</Setting>}
      <SettingSwitch label="可录入会议结果" hint="由记录人按会议纪要录入票数" value={step.meeting !== undefined} onChange={(is) => onChange(withMeeting(step, is))} />
      {step.meeting && <Setting label="记录人">{() => <DeciderInput label="记录人" value={step.meeting!.recorder} onChange={(recorder) => onChange({ ...step, meeting: { recorder } })} />}</Setting>}
      <Weights step={step} vote={vote} onChange={(weights) => put({ weights })} />
    </>
  )
} // prettier-ignore
const shareOf = (text: string): VoteRule['share'] => {
  const [how = '', part = ''] = text.split(' ')
  return how === 'moreThan' ? { moreThan: read(part) } : { atLeast: read(part) }
}
function withTie(vote: VoteRule, tie: VoteRule['tie']): VoteRule {
  const { chair: _chair, ...rest } = vote
  return tie === 'chair' ? { ...rest, tie, chair: begunDecider('role') } : { ...rest, tie }
}
function withMeeting(step: Handled, is: boolean): Handled {
  const { meeting: _meeting, ...rest } = step
  return is ? { ...rest, meeting: { recorder: begunDecider('role') } } : rest
}

/** Named people may have more than one vote. */
function Weights({ step, vote, onChange }: { step: Handled; vote: VoteRule; onChange: (weights: Readonly<Record<string, number>>) => void }) {
  const people = step.by.flatMap((one) => (one.kind === 'people' ? one.people : []))
  const names = useTitles('directory.person', people)
  if (people.length === 0) return null
  return (
    <Setting label="各人票数" hint="没有填的一人一票">
      {() =>
        people.map((person, at) => (
          <InputNumber key={person} className="x-set-wide" aria-label={`${names[at] ?? ''}的票数`} prefix={names[at] ?? '…'} suffix="票" min={1} max={99} value={vote.weights?.[person] ?? 1} onChange={(votes) => votes && onChange({ ...vote.weights, [person]: votes })} />
        ))
      }
    </Setting>
  )
} // prettier-ignore
