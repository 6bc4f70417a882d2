import { files } from '#model'
import { Button, Mentions } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useChoices } from '../api/hooks.ts'
import { FilesInput } from '../fields/files-input.tsx'
import { useSettledSearch } from '../fields/use-composed-text.ts'
import { Phrases } from './phrases.tsx'
import type { Said } from './said.ts'
import './opinion.css'

const pictures = files('图片', { accept: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], maxFiles: 9, maxBytes: 10 * 1024 * 1024 })
interface Props {
  id: string
  value: Said
  onChange: (said: Said) => void
  placeholder?: string
  isInvalid?: boolean
}

/** Words with stock phrases, pictures and colleagues named by @; who is named is told and may read. */
export function OpinionInput({ id, value, onChange, placeholder, isInvalid = false }: Props) {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  const [isNaming, setNaming] = useState(false)
  const { settled, onSearch, around } = useSettledSearch()
  const people = useChoices('directory.person', settled, { filter: null, enabled: isNaming })
  const field = useRef<HTMLDivElement>(null)
  const put = (part: Partial<Said>) => onChange({ ...latest.current, ...part })
  const options = (people.data?.options ?? []).map(({ id: key, title, hint }) => ({
    key,
    value: title,
    label: (
      <span className="x-option">
        {title}
        {hint && <small>{hint}</small>}
      </span>
    ),
  }))
  /** The component lengthens the key. */
  function pick(key: string) {
    const one = people.data?.options.find(({ id: person }) => key.startsWith(person))
    if (one) put({ named: [...latest.current.named, { id: one.id, name: one.title }] })
  }
  /** A name half written at the end asks for colleagues, whatever the keyboard or input method. */
  function write(text: string) {
    put({ text })
    const half = /@([^\s@]{0,20})$/.exec(text)
    setNaming(half !== null)
    if (half) onSearch(half[1] ?? '')
  }
  /** As if @ had been typed at the end, which not every phone's keyboard tells: the list of colleagues opens. */
  function name() {
    const area = field.current?.querySelector('textarea')
    if (!area) return
    const { text } = latest.current
    write(`${text}${text && !/\s$/.test(text) ? ' ' : ''}@`)
    setTimeout(() => {
      area.focus()
      area.setSelectionRange(area.value.length, area.value.length)
      area.dispatchEvent(new KeyboardEvent('keyup', { key: '@', bubbles: true }))
    })
  }
  return (
    <div {...around} className="x-opinion-input" ref={field}>
      <Mentions
        id={id}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={2000}
        value={value.text}
        status={isInvalid ? 'error' : ''}
        placeholder={placeholder ?? ''}
        options={options}
        filterOption={false}
        loading={people.isFetching}
        notFoundContent={people.isFetching ? '正在查找…' : settled ? `没有找到“${settled}”` : '输入姓名或拼音首字母'}
        onSelect={({ key }) => pick(String(key))}
        onChange={write}
      />
      <Phrases value={value.text} onPick={(text) => put({ text })} />
      <div className="x-opinion-more">
        <FilesInput
          id={`${id}-pictures`}
          field={pictures}
          value={[...value.pictures]}
          onChange={(ids) => put({ pictures: (ids as string[] | null) ?? [] })}
          onBlur={() => undefined}
          isInvalid={false}
          isDisabled={false}
        />
        <Button type="text" size="small" className="x-file-button" onClick={name}>
          @ 提到同事
        </Button>
      </div>
    </div>
  )
}
