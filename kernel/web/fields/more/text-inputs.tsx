import { kindOf, scalarsOf, writeOnlyMark, type Field } from '#model'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { asList, asText, type FilterValueProps, type InputProps } from '../field-view.ts'
import { useUsedValues } from '../used-values.ts'
import './inputs.css'

/** What is there is never shown: it stays, is replaced, or is taken away. */
export function PasswordInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'password'>) {
  const [hadOne] = useState(value === writeOnlyMark)
  const isKept = value === writeOnlyMark
  return (
    <div className="x-password">
      <Input.Password
        id={id}
        value={isKept ? '' : asText(value)}
        placeholder={hadOne ? (isKept ? '已设置，不修改请留空' : '将清除') : (field.placeholder ?? '请设置密码')}
        status={isInvalid ? 'error' : ''}
        disabled={isDisabled ?? false}
        autoComplete="new-password"
        maxLength={200}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value || (hadOne ? writeOnlyMark : null))}
        onBlur={onBlur}
      />
      {hadOne && !field.required && !isDisabled && (
        <button type="button" className="x-link" onClick={() => onChange(value === null ? writeOnlyMark : null)}>
          {value === null ? '保留原密码' : '清除'}
        </button>
      )}
    </div>
  )
}

const ends = ['、', ',', '，', ';', '；', '\n']
export function TagsInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'tags'>) {
  const used = useUsedValues()
  const offered = [...new Set([...(field.options.suggest ?? []), ...used])]
  const change = (list: string[]) => {
    const read = kindOf(field).check(list, field)
    const tags = 'value' in read ? (read.value as string[]) : list
    onChange(tags.length ? tags : null)
  }
  return (
    <Select
      id={id}
      mode="tags"
      value={asList(value)}
      options={offered.map((tag) => ({ value: tag, label: tag }))}
      tokenSeparators={ends}
      placeholder={field.placeholder ?? '输入后按回车，可填多个'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      onChange={change}
      onBlur={onBlur}
    />
  )
}
/** On a phone: chips, a line to type in, and what others have used to be touched. */
export function PhoneTagsInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'tags'>) {
  const [typed, setTyped] = useState('')
  const tags = asList(value)
  const used = useUsedValues()
  const offered = [...new Set([...(field.options.suggest ?? []), ...used])].filter((tag) => !tags.includes(tag)).slice(0, 12)
  const put = (list: string[]) => {
    const read = kindOf(field).check(list, field)
    const next = 'value' in read ? (read.value as string[]) : list
    onChange(next.length ? next : null)
  }
  const take = () => {
    if (typed.trim()) put([...tags, typed])
    setTyped('')
  }
  return (
    <div className={`x-chips ${isInvalid ? 'x-invalid' : ''}`}>
      {tags.length > 0 && (
        <div className="x-chip-list">
          {tags.map((tag) => (
            <button
              key={tag}
              type="button"
              disabled={isDisabled}
              aria-label={`移除 ${tag}`}
              onClick={() => put(tags.filter((t) => t !== tag))}
            >
              {tag} ×
            </button>
          ))}
        </div>
      )}
      <Input
        id={id}
        value={typed}
        placeholder={field.placeholder ?? '输入标签，回车添加'}
        enterKeyHint="done"
        disabled={isDisabled ?? false}
        onChange={(event) => {
          const text = event.target.value
          if (!ends.some((end) => text.includes(end))) return setTyped(text)
          put([...tags, text])
          setTyped('')
        }}
        onPressEnter={(event) => {
          if (event.nativeEvent.isComposing) return
          event.preventDefault()
          take()
        }}
        onBlur={() => (take(), onBlur?.())}
      />
      {offered.length > 0 && !isDisabled && (
        <div className="x-chip-list offered">
          {offered.map((tag) => (
            <button key={tag} type="button" onClick={() => put([...tags, tag])}>
              + {tag}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
/** Words to compare with: offered where the field offers some, else typed. */
export function WordsFilterValue({ field, value, onChange }: FilterValueProps<'tags'> | FilterValueProps<'colour'>) {
  const offered = field.options.suggest ?? []
  return (
    <Select
      mode="tags"
      value={scalarsOf(value).map(String)}
      options={offered.map((word) => ({ value: word, label: word }))}
      tokenSeparators={ends}
      placeholder="可选择，也可填写后回车"
      style={{ width: '100%' }}
      onChange={(list: string[]) => {
        const read = field.kind === 'colour' ? list.flatMap((one) => readOne(field, one)) : list
        onChange(read.length ? read : undefined)
      }}
    />
  )
}
function readOne(field: Field, text: string): string[] {
  const read = kindOf(field).parse(text, field)
  return 'value' in read ? [read.value as string] : []
}
