import { isRange, type Field } from '#model'
import { lazy, Suspense, useState } from 'react'
import { asText, type InputProps } from '../field-view.ts'
import { halves, openWordOf, rangeOf } from '../ranges.ts'
import { SheetTrigger } from './sheet.tsx'
import '../more/inputs.css'

const DateWheel = lazy(() => import('./date-wheel.tsx'))
const TimeWheel = lazy(() => import('./time-wheel.tsx'))

/** Year and month, or a year alone, from the wheel. */
export function PhoneMonthInput(props: InputProps<'yearMonth'> | InputProps<'year'>) {
  const { id, field, value, isInvalid, isDisabled } = props
  const [isOpen, setOpen] = useState(false)
  const text = asText(value)
  const put = (next: string | null) => props.onChange(next === null ? null : field.kind === 'year' ? Number(next) : next)
  return (
    <>
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="请选择" onOpen={() => setOpen(true)}>
        {text ? (field.kind === 'year' ? `${text} 年` : text) : undefined}
      </SheetTrigger>
      {isOpen && (
        <Suspense>
          <DateWheel field={field} value={text || null} onDone={put} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
export function PhoneTimeInput({ id, field, value, onChange, isInvalid, isDisabled }: InputProps<'time'>) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="请选择" onOpen={() => setOpen(true)}>
        {asText(value) || undefined}
      </SheetTrigger>
      {isOpen && (
        <Suspense>
          <TimeWheel field={field} value={asText(value) || null} onDone={onChange} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
/** Two days, each from the wheel. */
export function PhoneDateRangeInput({ id, field, value, onChange, isInvalid, isDisabled }: InputProps<'dateRange'>) {
  const [open, setOpen] = useState<'from' | 'to' | null>(null)
  const { from, to } = halves(value)
  const isOpen = field.options.isOpen === true && isRange(value) && value.to === null
  const wheel = { ...field, label: open === 'to' ? '结束日期' : '开始日期', kind: 'date', options: { ...field.options, ...(open === 'to' && from ? { min: from } : {}) } } as Field // prettier-ignore
  return (
    <div className="x-range">
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="开始日期" onOpen={() => setOpen('from')}>
        {from ?? undefined}
      </SheetTrigger>
      <span className="x-faint">至</span>
      <SheetTrigger
        id={`${id}-to`}
        isDisabled={isDisabled === true || isOpen}
        isInvalid={isInvalid}
        placeholder="结束日期"
        onOpen={() => setOpen('to')}
      >
        {isOpen ? openWordOf(field) : (to ?? undefined)}
      </SheetTrigger>
      {field.options.isOpen && (
        <button
          type="button"
          className="x-range-open"
          aria-pressed={isOpen}
          disabled={isDisabled === true || !from}
          onClick={() => onChange(rangeOf(from, isOpen ? undefined : null))}
        >
          {openWordOf(field)}
        </button>
      )}
      {open && (
        <Suspense>
          <DateWheel
            field={wheel}
            value={(open === 'from' ? from : to) ?? null}
            onDone={(day) => onChange(open === 'from' ? rangeOf(day, to) : rangeOf(from, day))}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </div>
  )
}
