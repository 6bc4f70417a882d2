import { amongOf, type Field, type Filter } from '#model'
import { Suspense, lazy, useState } from 'react'
import { useChoices, useMe } from '../../api/hooks.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { Option } from './phone-choices.tsx'
import { asList, asText, type InputProps } from '../field-view.ts'
import { useAlsoChoices } from '../also-choices.tsx'
import { useLearnTitle, useTitles } from '../titles.tsx'
import { useComposedText } from '../use-composed-text.ts'
import { Sheet, SheetTrigger } from './sheet.tsx'

const DateWheel = lazy(() => import('./date-wheel.tsx'))

interface PickProps {
  id: string
  label: string
  target: string
  among?: Filter | null | undefined
  ids: readonly string[]
  isMany?: boolean
  isInvalid?: boolean | undefined
  isDisabled?: boolean | undefined
  placeholder?: string | undefined
  mayClear?: boolean
  onPick: (ids: string[]) => void
}
/** Chooses records on a phone: a tall sheet with a search. Reusable outside of forms. */
export function PhoneRecordPicker({ id, label, target, among, ids, isMany = false, mayClear = true, onPick, ...view }: PickProps) {
  const [isOpen, setOpen] = useState(false)
  const titles = useTitles(target, ids)
  return (
    <>
      <SheetTrigger
        id={id}
        isDisabled={view.isDisabled}
        isInvalid={view.isInvalid}
        placeholder={view.placeholder ?? '请选择'}
        onOpen={() => setOpen(true)}
      >
        {ids.length ? titles.map((title) => title ?? '…').join('、') : undefined}
      </SheetTrigger>
      {isOpen && (
        <RecordSheet
          {...{ label, target, among, ids, isMany, onPick }}
          onClose={() => setOpen(false)}
          mayClear={mayClear && !isMany && ids.length > 0}
        />
      )}
    </>
  )
}
interface RecordSheetProps {
  label: string
  target: string
  among?: Filter | null | undefined
  ids: readonly string[]
  isMany: boolean
  mayClear: boolean
  onPick: (ids: string[]) => void
  onClose: () => void
}
function RecordSheet({ label, target, among, ids, isMany, mayClear, onPick, onClose }: RecordSheetProps) {
  const { settled, input } = useComposedText('')
  const found = useChoices(target, settled.trim(), { filter: among ?? null, limit: 30 })
  const learn = useLearnTitle()
  const { person } = useMe()
  const pick = (id: string, title: string) => {
    learn(target, id, title)
    if (isMany) return onPick(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id])
    onPick([id])
    onClose()
  }
  const also = useAlsoChoices(target, settled)
  const options = [...also, ...(found.data?.options ?? [])]
  return (
    <Sheet
      title={label}
      isTall
      onClose={onClose}
      act={isMany ? { label: '完成', run: onClose } : mayClear ? { label: '清除', run: () => (onPick([]), onClose()) } : undefined}
    >
      <div className="x-sheet-search">
        <input {...input} type="search" enterKeyHint="search" placeholder="名称、拼音首字母或编号" aria-label="搜索" />
      </div>
      <div role="listbox" aria-multiselectable={isMany}>
        {person && target === 'directory.person' && settled === '' && (
          <Option title={person.name} hint="本人" isChosen={ids.includes(person.id)} onPick={() => pick(person.id, person.name)} />
        )}
        {options.map((option) => (
          <Option
            key={option.id}
            title={option.title}
            hint={option.hint}
            isChosen={ids.includes(option.id)}
            onPick={() => pick(option.id, option.title)}
          />
        ))}
      </div>
      {options.length === 0 && (
        <p className="x-sheet-none">{found.isFetching ? '正在查找…' : settled ? `没有找到“${settled}”` : '没有可选的记录'}</p>
      )}
    </Sheet>
  )
}
const pickerProps = ({ id, field, isInvalid, isDisabled }: InputProps) => ({
  id,
  label: field.label,
  isInvalid,
  isDisabled,
  mayClear: !field.required,
})
export const PhoneReferenceInput = (props: InputProps<'reference'> | InputProps<'person'>) => {
  const { target } = (props.field as Field<'reference'>).options
  if (target === 'directory.unit') return <PhoneUnitInput {...(props as unknown as InputProps<'unit'>)} />
  const id = asText(props.value)
  return (
    <PhoneRecordPicker
      {...pickerProps(props)}
      target={target}
      among={amongOf(props.field)}
      ids={id ? [id] : []}
      onPick={(ids) => props.onChange(ids[0] ?? null)}
    />
  )
}
export const PhoneReferencesInput = (props: InputProps<'references'>) => (
  <PhoneRecordPicker
    {...pickerProps(props)}
    target={props.field.options.target}
    among={amongOf(props.field)}
    ids={asList(props.value)}
    isMany
    onPick={(ids) => props.onChange(ids.length ? ids : null)}
  />
)

export function PhoneUnitInput(props: InputProps<'unit'>) {
  const { id, field, value, onChange, isInvalid, isDisabled } = props
  const catalog = useCatalog()
  const { person } = useMe()
  const [isOpen, setOpen] = useState(false)
  const { settled, input } = useComposedText('', 80)
  const chosen = asText(value)
  const fits = catalog.unitsFitting(amongOf(field))
  const units = [...catalog.units.values()].filter((u) => fits(u) && catalog.unitPath(u.id).includes(settled.trim()))
  const mine = units.find((u) => u.id === person?.unit)
  const pick = (unit: string | null) => {
    onChange(unit)
    setOpen(false)
  }
  return (
    <>
      <SheetTrigger
        id={id}
        isDisabled={isDisabled}
        isInvalid={isInvalid}
        placeholder={field.placeholder ?? '请选择科室'}
        onOpen={() => setOpen(true)}
      >
        {chosen ? (catalog.unitName(chosen) ?? '…') : undefined}
      </SheetTrigger>
      {isOpen && (
        <Sheet
          title={field.label}
          isTall
          onClose={() => setOpen(false)}
          act={chosen && !field.required ? { label: '清除', run: () => pick(null) } : undefined}
        >
          <div className="x-sheet-search">
            <input {...input} type="search" placeholder="科室名称" aria-label="搜索科室" />
          </div>
          {mine && settled === '' && (
            <Option title={mine.name} hint="我的科室" isChosen={mine.id === chosen} onPick={() => pick(mine.id)} />
          )}
          {units.slice(0, 200).map((u) => (
            <Option
              key={u.id}
              title={u.name}
              hint={u.parent ? catalog.unitName(u.parent) : undefined}
              isChosen={u.id === chosen}
              onPick={() => pick(u.id)}
            />
          ))}
        </Sheet>
      )}
    </>
  )
}

export function PhoneDateInput(props: InputProps<'date'> | InputProps<'dateTime'>) {
  const { id, field, value, onChange, isInvalid, isDisabled } = props
  const [isOpen, setOpen] = useState(false)
  const text = asText(value)
  const shown =
    field.kind === 'dateTime' && text
      ? new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text))
      : text
  return (
    <>
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="请选择" onOpen={() => setOpen(true)}>
        {shown || undefined}
      </SheetTrigger>
      {isOpen && (
        <Suspense>
          <DateWheel field={field} value={text || null} onDone={onChange} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
