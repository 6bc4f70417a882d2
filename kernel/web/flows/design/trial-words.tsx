import type { FlowTrialWords } from '#model'
import { Select } from 'antd'
import type { Handled } from '#kernel/model/flow/definition.ts'
import { useMe } from '../../api/hooks.ts'
import { columnsOf, useWorld } from './context.ts'
import { handledOf } from './tree.ts'
import { labelWith } from './words.ts'

type Word = FlowTrialWords[string]
const says = { consent: '同意', refuse: '拒绝', return: '退回' } as const
type Say = keyof typeof says
const mayRefuse = ({ acts, items }: Handled): boolean => acts.includes('reject') || (items && acts.includes('decideItems'))
const mayReturn = ({ acts, items }: Handled): boolean => acts.includes('return') || (items && acts.includes('decideItems'))

/** 各步意见: what the people of each step say in a trial; consent unless it is said otherwise. */
export function TrialWords({ words, rows, onChange }: { words: FlowTrialWords; rows: readonly unknown[]; onChange: (next: FlowTrialWords) => void }) {
  const { definition } = useWorld()
  const { medicalOffice } = useMe().hospital
  const steps = handledOf(definition).map(({ step }) => step).filter((step) => mayRefuse(step) || mayReturn(step))
  const put = (step: string, word: Word | null) => {
    const { [step]: _, ...others } = words
    onChange(word ? { ...others, [step]: word } : others)
  }
  return (
    <fieldset className="x-trial-words">
      <legend>各步意见</legend>
      {steps.map((step) => (
        <StepWord key={step.id} step={step} label={labelWith(step, medicalOffice)} word={words[step.id]} rows={rows} onChange={(word) => put(step.id, word)} />
      ))}
    </fieldset>
  )
} // prettier-ignore

interface StepProps {
  step: Handled
  label: string
  word: Word | undefined
  rows: readonly unknown[]
  onChange: (word: Word | null) => void
}
function StepWord({ step, label, word, rows, onChange }: StepProps) {
  const offered = (Object.keys(says) as Say[]).filter((say) => say === 'consent' || (say === 'refuse' ? mayRefuse(step) : mayReturn(step)))
  const byLine = word !== undefined && step.items && step.acts.includes('decideItems') && rows.length > 0
  return (
    <div>
      <span>{label}</span>
      <Select<Say>
        size="small"
        aria-label={`${label}的意见`}
        value={word?.say ?? 'consent'}
        options={offered.map((say) => ({ value: say, label: says[say] }))}
        onChange={(say) => onChange(say === 'consent' ? null : { say })}
      />
      {byLine && (
        <Select<number[]>
          size="small"
          mode="multiple"
          className="x-trial-lines"
          aria-label={`${label}：哪几行`}
          placeholder="全部行"
          value={[...(word.lines ?? [])]}
          options={rows.map((row, at) => ({ value: at, label: <LineName row={row} at={at} /> }))}
          onChange={(lines) => onChange({ say: word.say, ...(lines.length ? { lines: lines.toSorted((a, b) => a - b) } : {}) })}
        />
      )}
    </div>
  )
}
function LineName({ row, at }: { row: unknown; at: number }) {
  const { definition, resource } = useWorld()
  const columns = columnsOf(resource.fields[definition.items?.rows ?? '']) ?? {}
  const texts = Object.keys(columns).map((key) => (row as Record<string, unknown> | null)?.[key])
  const text = texts.find((one): one is string => typeof one === 'string' && one.length < 40 && !/^[0-9a-f-]{36}$/.test(one))
  return `第 ${at + 1} 行${text ? ` ${text}` : ''}`
}

/** 科主任审核 第 1 行拒绝 */
export const wordsOfCase = (words: FlowTrialWords = {}, labelOf: (step: string) => string): string =>
  Object.entries(words)
    .map(([step, { say, lines }]) => `${labelOf(step)}${lines ? ` 第 ${lines.map((at) => at + 1).join('、')} 行` : ''}${says[say]}`)
    .join('，')
