import type { ChoosePeople as Asked } from '#model'
import { Select } from 'antd'
import { PersonsPicker } from '../fields/record-picker.tsx'

export type Chosen = Readonly<Record<string, readonly string[]>>
interface Props {
  asked: readonly Asked[]
  value: Chosen
  onChange: (chosen: Chosen) => void
  isChecked: boolean
}
/** Who decides at later steps, where the flow lets somebody choose: within its range, and no more than it says. */
export function ChoosePeople({ asked, value, onChange, isChecked }: Props) {
  if (asked.length === 0) return null
  return (
    <div className="x-choose-people">
      {asked.map((one) => {
        const picked = value[one.step] ?? []
        const put = (people: string[]) => onChange({ ...value, [one.step]: one.max ? people.slice(-one.max) : people })
        const problem = isChecked ? lackOfChoice(one, value) : null
        const id = `choose-${one.step}`
        return (
          <div key={one.step}>
            <label htmlFor={id}>
              “{one.label}”由谁办理
              {one.max ? <small>（最多 {one.max} 人）</small> : null}
            </label>
            {one.range ? (
              <Select<string | string[]>
                id={id}
                {...(one.max === 1 ? {} : { mode: 'multiple' as const })}
                {...(one.max === 1 ? (picked[0] ? { value: picked[0] } : {}) : { value: [...picked] })}
                placeholder={one.range.length ? '请选择' : '没有可选的人，请联系管理员'}
                status={problem ? 'error' : ''}
                showSearch={{ optionFilterProp: 'label' }}
                options={one.range.map((person) => ({
                  value: person.id,
                  label: [person.name, person.unitName].filter(Boolean).join(' · '),
                }))}
                onChange={(next) => put([next].flat())}
              />
            ) : (
              <PersonsPicker id={id} value={picked} isInvalid={problem !== null} onChange={put} />
            )}
            {problem && (
              <p className="x-problem" role="alert">
                {problem}
              </p>
            )}
          </div>
        )
      })}
    </div>
  )
}
/** What is missing before it can be sent. */
export const lackOfChoice = (one: Asked, chosen: Chosen): string | null =>
  (chosen[one.step] ?? []).length ? null : `请选择由谁办理“${one.label}”`
/** As an act carries it: of what was asked only. */
export const carriedChoice = (asked: readonly Asked[], chosen: Chosen): { chosen?: Chosen } =>
  asked.length ? { chosen: Object.fromEntries(asked.map(({ step }) => [step, chosen[step] ?? []])) } : {}
