import type { Filter } from '#model'
import { Select } from 'antd'
import { useState } from 'react'
import { useChoices } from '../api/hooks.ts'
import { useAlsoChoices } from './also-choices.tsx'
import { useLearnTitle, useTitles } from './titles.tsx'
import { useSettledSearch } from './use-composed-text.ts'

interface CommonProps {
  /** The resource to choose from, e.g. `staff.practitioner`. */
  target: string
  among?: Filter | null | undefined
  id?: string | undefined
  placeholder?: string | undefined
  isInvalid?: boolean | undefined
  isDisabled?: boolean | undefined
  isClearable?: boolean | undefined
  onBlur?: (() => void) | undefined
}
interface SingleProps extends CommonProps {
  value: string | null
  onChange: (id: string | null) => void
}
interface ManyProps extends CommonProps {
  value: readonly string[]
  onChange: (ids: string[]) => void
}

/** Chooses a record by name, pinyin initials or number: the server searches. */
export function RecordPicker({ value, onChange, ...rest }: SingleProps) {
  return <Picker {...rest} ids={value ? [value] : []} onPick={(ids) => onChange(ids[0] ?? null)} />
}
export function RecordsPicker({ value, onChange, ...rest }: ManyProps) {
  return <Picker {...rest} isMany ids={value} onPick={onChange} />
}
export const PersonPicker = (props: Omit<SingleProps, 'target'>) => (
  <RecordPicker placeholder="姓名、拼音首字母或工号" {...props} target="directory.person" />
)
export const PersonsPicker = (props: Omit<ManyProps, 'target'>) => (
  <RecordsPicker placeholder="姓名、拼音首字母或工号" {...props} target="directory.person" />
)

interface PickerProps extends CommonProps {
  ids: readonly string[]
  isMany?: boolean
  onPick: (ids: string[]) => void
}
interface Option {
  value: string
  label: string
  hint?: string | undefined
}
function Picker({ target, among, ids, isMany = false, onPick, ...view }: PickerProps) {
  const [isOpen, setOpen] = useState(false)
  const { settled, onSearch, around } = useSettledSearch()
  const choices = useChoices(target, settled, { filter: among ?? null, enabled: isOpen })
  const titles = useTitles(target, ids)
  const learn = useLearnTitle()
  const also = useAlsoChoices(target, settled)
  const found: Option[] = [...also, ...(choices.data?.options ?? [])].map((o) => ({ value: o.id, label: o.title, hint: o.hint }))
  const chosen = ids.map((id, at) => ({ value: id, label: titles[at] ?? '…' }))
  const pick = (picked: Option | Option[] | undefined) => {
    const list = Array.isArray(picked) ? picked : picked ? [picked] : []
    for (const { value } of list) {
      const title = found.find((option) => option.value === value)?.label
      if (title) learn(target, value, title)
    }
    onPick(list.map((option) => option.value))
  }
  return (
    <div {...around} className="x-picker">
      <Select<Option | Option[], Option>
        id={view.id}
        labelInValue
        {...(isMany ? { mode: 'multiple' as const, maxTagCount: 'responsive' as const } : {})}
        value={isMany ? chosen : (chosen[0] ?? null)}
        options={found}
        showSearch={{ filterOption: false, onSearch }}
        loading={choices.isFetching}
        allowClear={view.isClearable ?? true}
        placeholder={view.placeholder ?? '输入名称、拼音首字母或编号'}
        status={view.isInvalid ? 'error' : ''}
        disabled={view.isDisabled ?? false}
        notFoundContent={choices.isFetching ? '正在查找…' : settled ? `没有找到“${settled}”` : '没有可选的记录'}
        style={{ width: '100%' }}
        popupMatchSelectWidth={320}
        onOpenChange={setOpen}
        onChange={(picked) => pick(picked)}
        onBlur={view.onBlur}
        optionRender={({ data }) => (
          <span className="x-option">
            {data.label}
            {data.hint && <small>{data.hint}</small>}
          </span>
        )}
      />
    </div>
  )
}
