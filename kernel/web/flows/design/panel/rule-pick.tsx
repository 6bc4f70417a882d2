import { AutoComplete } from 'antd'
import { useState } from 'react'
import { nameProblem } from '#kernel/model/flow/shapes.ts'
import { useWorld } from '../context.ts'

/** A value of a rule card: chosen, or named as its card names it. What can be no name is said here and goes no further. */
export function RulePick({ id, value, onChange, isOptional = false }: { id: string; value: string | undefined; onChange: (rule: string) => void; isOptional?: boolean }) {
  const { names } = useWorld()
  const [refused, setRefused] = useState<string | null>(null)
  const problem = refused === null ? null : nameProblem(refused)
  const take = (next: string) => {
    const isName = nameProblem(next) === null
    setRefused(isName ? null : next)
    if (isName) onChange(next)
  }
  return (
    <>
      <AutoComplete
        id={id}
        className="x-set-wide"
        value={refused ?? value ?? ''}
        status={problem ? 'error' : ''}
        placeholder={isOptional ? '不要求' : '规则卡.取值'}
        options={names.ruleValues.map(({ name, label }) => ({ value: name, label: `${label}（${name}）` }))}
        showSearch={{ filterOption: (text, option) => (option?.label ?? '').includes(text) }}
        onChange={take}
      />
      {problem && <p className="x-problem" role="alert">{problem}</p>}
    </>
  )
} // prettier-ignore
