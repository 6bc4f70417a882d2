import { InputNumber, Select } from 'antd'
import { durationUnits } from '#kernel/model/clock/duration.ts'
import { bounds, type Duration, type Handled, type Limit, type OnTimeout } from '#kernel/model/flow/definition.ts'
import { timeoutActWords } from '#kernel/model/flow/sentences.ts'
import { useWorld } from '../context.ts'
import { begunDecider } from '../steps.ts'
import { DeciderInput } from './decider.tsx'
import { namesAsOptions, Pick, SettingList } from './set.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

const { minutes: _, ...units } = durationUnits
export function DurationInput({ value, onChange, label }: { value: Duration; onChange: (value: Duration) => void; label: string }) {
  return (
    <div className="x-set-pair">
      <InputNumber aria-label={label} min={1} max={3650} value={value.amount} onChange={(amount) => amount && onChange({ ...value, amount })} />
      <Select aria-label={`${label}的单位`} value={value.unit} options={optionsOf(units)} popupMatchSelectWidth={130} onChange={(unit: Duration['unit']) => onChange({ ...value, unit })} />
    </div>
  )
} // prettier-ignore

/** How long: said here, or by a rule card, or not at all. */
export function LimitInput({ id, value, onChange, mayBeNone = true }: { id?: string; value: Limit | undefined; onChange: (value: Limit | undefined) => void; mayBeNone?: boolean }) {
  const { names } = useWorld()
  const kind = value === undefined ? 'none' : 'rule' in value ? 'rule' : 'said'
  const options = [...(mayBeNone ? [{ value: 'none' as const, label: '不限时' }] : []), { value: 'said' as const, label: '规定时长' }, { value: 'rule' as const, label: '按规则卡' }]
  const starts = { none: undefined, said: { unit: 'workingDays' as const, amount: 3 }, rule: { rule: '' } }
  return (
    <div className="x-decider">
      <Pick id={id} label="时限" value={kind} options={options} onChange={(next) => onChange(starts[next])} />
      {value !== undefined && ('rule' in value ? <Pick label="规则卡" value={value.rule} options={namesAsOptions(names.rules)} onChange={(rule) => onChange({ rule })} /> : <DurationInput label="时长" value={value} onChange={onChange} />)}
    </div>
  )
} // prettier-ignore

type When = 'before' | 'at' | 'after'
const whens: Record<When, string> = { before: '到期前', at: '到期时', after: '到期后' }
const whenOf = ({ after }: OnTimeout): When => (after === undefined ? 'at' : after.amount < 0 ? 'before' : 'after')
/** What happens when nobody has decided in time, stage after stage. */
export function TimeoutInput({ step, onChange }: { step: Handled; onChange: (stages: readonly OnTimeout[]) => void }) {
  const isVote = typeof step.mode === 'object'
  const kinds = optionsOf(timeoutActWords, isVote ? ['remind', 'escalate'] : ['remind', 'escalate', 'pass', 'approve'])
  return (
    <SettingList<OnTimeout> items={step.onTimeout} most={bounds.stages} add={() => ({ do: 'remind' })} addLabel="加一级超时处理" onChange={onChange}>
      {(stage, set) => (
        <div className="x-decider">
          <div className="x-set-pair">
            <Pick label="何时" value={whenOf(stage)} options={optionsOf<When>(whens, stage.do === 'remind' ? ['before', 'at', 'after'] : ['at', 'after'])} onChange={(when) => set(withWhen(stage, when))} />
            <Pick label="做什么" value={stage.do} options={kinds} onChange={(kind) => set(withKind(stage, kind))} />
          </div>
          {stage.after && <DurationInput label="时长" value={{ ...stage.after, amount: Math.abs(stage.after.amount) }} onChange={(after) => set({ ...stage, after: { ...after, amount: stage.after!.amount < 0 ? -after.amount : after.amount } })} />}
          {'to' in stage && <DeciderInput label={`${timeoutActWords[stage.do]}给`} value={stage.to} onChange={(to) => set({ ...stage, to })} />}
        </div>
      )}
    </SettingList>
  )
} // prettier-ignore
function withWhen({ after: _before, ...stage }: OnTimeout, when: When): OnTimeout {
  if (when === 'at') return stage
  return { ...stage, after: { unit: 'workingDays', amount: when === 'before' ? -1 : 1 } }
}
function withKind({ after }: OnTimeout, kind: OnTimeout['do']): OnTimeout {
  const late = after && (kind === 'remind' || after.amount > 0) ? { after } : {}
  return kind === 'escalate' || kind === 'pass' ? { do: kind, to: begunDecider('headOf'), ...late } : { do: kind, ...late }
}
