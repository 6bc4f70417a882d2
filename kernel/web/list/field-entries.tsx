import { PlusOutlined } from '@ant-design/icons'
import { withChoices, type Fields } from '#model'
import { Button, Select } from 'antd'
import { InputOf } from '../fields/index.ts'

/** One field and what it is to hold; none chosen yet. */
export interface FieldEntry {
  key: string | undefined
  value: unknown
}
export const noEntry: FieldEntry = { key: undefined, value: null }
export const changesIn = (entries: readonly FieldEntry[]): Record<string, unknown> =>
  Object.fromEntries(entries.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value]])))

interface Props {
  /** Of the inputs; one place of the page has one. */
  id: string
  fields: Fields
  entries: readonly FieldEntry[]
  onChange: (entries: readonly FieldEntry[]) => void
  /** What a field holds that is not among the entries: what is offered for others depends on it. */
  valueOf: (key: string) => unknown
  /** What is said below a chosen field. */
  hint?: (key: string) => React.ReactNode
}
/** Which fields are to change, each with its value: as many as one likes. */
export function FieldEntries({ id, fields, entries, onChange, valueOf, hint }: Props) {
  const options = Object.entries(fields).map(([value, { label }]) => ({ value, label }))
  const put = (at: number, entry: FieldEntry) => onChange(entries.map((one, i) => (i === at ? entry : one)))
  const current = (own: string): unknown => {
    const entry = entries.find(({ key }) => key === own)
    return entry ? entry.value : valueOf(own)
  }
  return (
    <>
      {entries.map(({ key, value }, at) => {
        const field = key ? fields[key] : undefined
        return (
          <div key={key ?? `new ${at}`} className="x-batch-field">
            <Select
              aria-label="变更的项目"
              placeholder="选择项目"
              showSearch={{ optionFilterProp: 'label' }}
              value={key ?? null}
              options={options.filter((one) => one.value === key || !entries.some((entry) => entry.key === one.value))}
              onChange={(next: string) => put(at, { key: next, value: null })}
            />
            {field && (
              <>
                <label htmlFor={`${id}-${key}`} className="x-screen-reader">
                  {field.label}改为
                </label>
                <InputOf
                  id={`${id}-${key}`}
                  field={withChoices(field, current)}
                  value={value}
                  onChange={(next) => put(at, { key, value: next })}
                />
                {hint?.(key!)}
              </>
            )}
          </div>
        )
      })}
      {entries.length < options.length && (
        <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...entries, noEntry])}>
          再加一项
        </Button>
      )}
    </>
  )
}
