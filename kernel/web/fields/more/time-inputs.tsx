import { isRange, parseDayText, parseMonthText, parseTimeText } from '#model'
import { ClockCircleOutlined } from '@ant-design/icons'
import { AutoComplete, Checkbox, DatePicker, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { asText, type FilterValueProps, type InputProps } from '../field-view.ts'
import { dayLimit, takeTyped } from '../date-inputs.tsx'
import { halves, openWordOf, rangeOf } from '../ranges.ts'
import './inputs.css'

const shared = ({ id, isInvalid, isDisabled, describedBy, onBlur }: InputProps) =>
  ({
    id,
    status: isInvalid ? 'error' : '',
    disabled: isDisabled ?? false,
    style: { width: '100%' },
    'aria-describedby': describedBy,
    onBlur: () => onBlur?.(),
  }) as const
const dayFormats = ['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/M/D', 'YYYY.M.D', 'YYYY-M-D', 'YYYY年M月D日']
const onDay = (time: string): Dayjs => dayjs(`2026-01-01T${time}`)

const everyHalfHour = Array.from({ length: 48 }, (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`)
/** A time is typed as one likes (830, 8点半, 下午2点), or chosen by half hours. */
export function TimeInput(props: InputProps<'time'>) {
  const { field, value, onChange, onBlur } = props
  const { 'aria-describedby': describedBy, ...rest } = shared(props)
  const { min, max } = field.options
  const text = asText(value)
  const settle = () => {
    const time = parseTimeText(text)
    if (time && time !== value) onChange(time)
    onBlur?.()
  }
  return (
    <AutoComplete
      {...rest}
      aria-describedby={describedBy ?? ''}
      value={text}
      options={everyHalfHour.filter((one) => !outside(one, { min, max })).map((one) => ({ value: one }))}
      showSearch={{
        filterOption: (typed, option) =>
          /^\d\d:\d\d$/.test(typed) || String(option?.value).startsWith(parseTimeText(typed)?.slice(0, 2) ?? typed),
      }}
      placeholder={field.placeholder ?? '如 0830'}
      suffixIcon={<ClockCircleOutlined />}
      onChange={(typed: string | undefined) => onChange(typed || null)}
      onBlur={settle}
    />
  )
}
const outside = (at: string, { min, max }: { min?: string | undefined; max?: string | undefined }): boolean =>
  (min !== undefined && at < min) || (max !== undefined && at > max)

export function YearMonthInput(props: InputProps<'yearMonth'>) {
  const month = parseMonthText(asText(props.value))
  return (
    <DatePicker
      {...shared(props)}
      picker="month"
      value={month ? dayjs(`${month}-01`) : null}
      format={['YYYY-MM', 'YYYYMM', 'YYYY.M', 'YYYY/M', 'YYYY年M月']}
      placeholder={props.field.placeholder ?? '如 202605'}
      disabledDate={(at) => outside(at.format('YYYY-MM'), props.field.options)}
      onChange={(at) => props.onChange(at ? at.format('YYYY-MM') : null)}
      onBlur={takeTyped(parseMonthText, props)}
    />
  )
}
const yearOf = (text: string): number | null => (/^\s*\d{4}\s*年?\s*$/.test(text) ? Number.parseInt(text, 10) : null)
export function YearInput(props: InputProps<'year'>) {
  const { min = 1900, max = 2200 } = props.field.options
  return (
    <DatePicker
      {...shared(props)}
      picker="year"
      value={typeof props.value === 'number' ? dayjs(`${props.value}-01-01`) : null}
      format={['YYYY', 'YYYY年']}
      placeholder={props.field.placeholder ?? '如 2026'}
      disabledDate={(at) => at.year() < min || at.year() > max}
      onChange={(at) => props.onChange(at ? at.year() : null)}
      onBlur={takeTyped(yearOf, props)}
    />
  )
}

export function DateRangeInput(props: InputProps<'dateRange'>) {
  const { field, value, onChange } = props
  const { from, to } = halves(value)
  const day = (text: string | null | undefined) => (text && parseDayText(text) ? dayjs(text) : null)
  const isOpen = field.options.isOpen === true && isRange(value) && value.to === null
  const limits = { min: dayLimit(field.options.min), max: dayLimit(field.options.max) }
  const one = (which: 'from' | 'to') => ({
    format: dayFormats,
    status: props.isInvalid ? ('error' as const) : ('' as const),
    disabledDate: (at: Dayjs) => outside(at.format('YYYY-MM-DD'), which === 'to' && from ? { ...limits, min: from } : limits),
    onBlur: () => props.onBlur?.(),
  })
  return (
    <div className="x-range">
      <DatePicker
        {...one('from')}
        id={props.id}
        value={day(from)}
        disabled={props.isDisabled ?? false}
        placeholder="开始日期"
        aria-describedby={props.describedBy}
        onChange={(at) => onChange(rangeOf(at?.format('YYYY-MM-DD'), to))}
      />
      <span className="x-faint">至</span>
      <DatePicker
        {...one('to')}
        id={`${props.id}-to`}
        value={day(to)}
        disabled={props.isDisabled === true || isOpen}
        placeholder={isOpen ? openWordOf(field) : '结束日期'}
        aria-label={`${field.label}的结束日期`}
        onChange={(at) => onChange(rangeOf(from, at?.format('YYYY-MM-DD')))}
      />
      {field.options.isOpen && (
        <Checkbox
          checked={isOpen}
          disabled={props.isDisabled === true || !from}
          onChange={(event) => onChange(rangeOf(from, event.target.checked ? null : undefined))}
        >
          {openWordOf(field)}
        </Checkbox>
      )}
    </div>
  )
}

const pair = (value: unknown): [string, string] => {
  const [from, to] = Array.isArray(value) ? value : [value, undefined]
  return [asText(from), asText(to)]
}
/** One of two that "between" asks for alone is no condition yet. */
const both = (from: string, to: string) => (from && to ? [from, to] : undefined)

export function TimeFilterValue({ op, value, onChange }: FilterValueProps<'time'>) {
  const [from, to] = pair(value)
  const at = (text: string) => (/^\d\d:\d\d$/.test(text) ? onDay(text) : null)
  if (op === 'between')
    return (
      <TimePicker.RangePicker
        defaultValue={[at(from), at(to)]}
        format="HH:mm"
        style={{ width: '100%' }}
        onChange={(range) => onChange(both(range?.[0]?.format('HH:mm') ?? '', range?.[1]?.format('HH:mm') ?? ''))}
      />
    )
  return (
    <TimePicker
      value={at(from)}
      format="HH:mm"
      needConfirm={false}
      style={{ width: '100%' }}
      onChange={(next) => onChange(next ? next.format('HH:mm') : undefined)}
    />
  )
}
export function YearMonthFilterValue({ op, value, onChange }: FilterValueProps<'yearMonth'>) {
  const [from, to] = pair(value)
  const at = (text: string) => (parseMonthText(text) ? dayjs(`${text.slice(0, 7)}-01`) : null)
  if (op === 'between')
    return (
      <DatePicker.RangePicker
        picker="month"
        defaultValue={[at(from), at(to)]}
        style={{ width: '100%' }}
        onChange={(range) => onChange(both(range?.[0]?.format('YYYY-MM') ?? '', range?.[1]?.format('YYYY-MM') ?? ''))}
      />
    )
  return (
    <DatePicker
      picker="month"
      value={at(from)}
      style={{ width: '100%' }}
      onChange={(next) => onChange(next ? next.format('YYYY-MM') : undefined)}
    />
  )
}
