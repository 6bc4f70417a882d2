import { sayable, summaryFields, wordFields, type ClientResource, type Reminder } from '#model'
import { Input } from 'antd'
import { useId } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Problem, type FormProps } from './problem.tsx'

type Part = 'title' | 'text' | 'summary'
/** The words, with the fields that may stand in them at hand. */
export function WordsInput({ draft, problems, onChange, resource }: FormProps & { resource: ClientResource }) {
  const catalog = useCatalog()
  const types = { resources: new Map(catalog.definitions.resources.map((one) => [one.name, one])) }
  const fields = sayable(types, resource).map(([key, { label }]) => [key, label] as const)
  const own = new Set(fields.map(([key]) => key))
  const common = Object.entries(wordFields).filter(([key]) => !own.has(key) && (draft.when.kind === 'date' || key === 'type'))
  const isGathered = [draft.whom, ...draft.escalate.map(({ whom }) => whom)].flat().some(({ gathered }) => gathered)
  const put = (part: Partial<Pick<Reminder, Part>>) => onChange({ ...draft, ...part })
  return (
    <>
      <Words
        label="标题"
        hint="企业微信、短信、邮件默认只发标题"
        part="title"
        value={draft.title}
        fields={[...common, ...fields]}
        onChange={(title) => put({ title })}
      />
      <Problem problems={problems} at="title" />
      <Words label="正文" part="text" value={draft.text} fields={[...common, ...fields]} onChange={(text) => put({ text })} />
      <Problem problems={problems} at="text" />
      {isGathered && (
        <Words
          label="汇总成一条时"
          part="summary"
          value={draft.summary}
          fields={Object.entries(summaryFields)}
          onChange={(summary) => put({ summary })}
        />
      )}
      <Problem problems={problems} at="summary" />
    </>
  )
}

interface WordsProps {
  label: string
  hint?: string
  part?: Part
  value: string
  fields: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}
/** A text with the fields that may stand in it at hand. */
export function Words({ label, hint, part, value, fields, onChange }: WordsProps) {
  const id = useId()
  /** Where the cursor stands; else at the end. */
  const insert = (key: string) => {
    const input = document.getElementById(id) as HTMLTextAreaElement | null
    const [from, to] = [input?.selectionStart ?? value.length, input?.selectionEnd ?? value.length]
    onChange(`${value.slice(0, from)}{${key}}${value.slice(to)}`)
    requestAnimationFrame(() => {
      input?.focus()
      input?.setSelectionRange(from + key.length + 2, from + key.length + 2)
    })
  }
  return (
    <div className="x-set">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        value={value}
        autoSize={{ minRows: part === 'text' ? 2 : 1, maxRows: 6 }}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="r-fields" role="group" aria-label={`${label}可用的字段`}>
        {fields.map(([key, name]) => (
          <button key={key} type="button" title={`{${key}}`} onClick={() => insert(key)}>
            {name}
          </button>
        ))}
      </div>
      {hint && <small>{hint}</small>}
    </div>
  )
}
