import { dayNumber } from '#model'
import { type DayKind, weekdayOf } from '#kernel/model/clock/index.ts'
import { type CalendarYear, dayKindLabels } from './calendar.rules.ts'

const marks: Partial<Record<DayKind, string>> = { holiday: '休', makeUp: '班', extraOff: '休', extraOn: '班' }
const weekdays = ['一', '二', '三', '四', '五', '六', '日']

interface Props {
  calendar: CalendarYear
  today: string
  chosen: string
  onChoose: (day: string) => void
}
/** Twelve months; what is not an ordinary day carries a sign beside its colour. */
export function YearGrid({ calendar, today, chosen, onChoose }: Props) {
  const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'))
  return (
    <section className="c-year" aria-label={`${calendar.year} 年`}>
      <p className="c-legend">
        {(['work', 'off', 'holiday', 'makeUp', 'extraOff', 'extraOn'] as const).map((kind) => (
          <span key={kind}>
            <i className={`c-day ${kind}`}>
              8{marks[kind] && <small>{marks[kind]}</small>}
            </i>
            {dayKindLabels[kind]}
          </span>
        ))}
        <span>
          <i className="c-day work open">8</i> 暂定
        </span>
      </p>
      <div className="c-months">
        {months.map((month) => (
          <Month key={month} month={month} days={calendar.days.filter((d) => d.day.slice(5, 7) === month)} today={today} chosen={chosen} onChoose={onChoose} />
        ))}
      </div>
    </section>
  ) // prettier-ignore
}

function Month({ month, days, today, chosen, onChoose }: Omit<Props, 'calendar'> & { month: string; days: CalendarYear['days'] }) {
  const blank = weekdayOf(dayNumber(days[0]!.day)!) - 1
  const workdays = days.filter((d) => d.kind === 'work' || d.kind === 'makeUp' || d.kind === 'extraOn').length
  return (
    <section className="c-month" aria-label={`${Number(month)} 月`}>
      <h2>
        {Number(month)} 月 <small>{workdays} 个工作日</small>
      </h2>
      <div className="c-days">
        {weekdays.map((name) => (
          <b key={name} aria-hidden>
            {name}
          </b>
        ))}
        {days.map((d, at) => (
          <button
            key={d.day}
            type="button"
            className={`c-day ${d.kind}${d.missing ? ' open' : ''}${d.day === today ? ' today' : ''}`}
            style={at === 0 ? { gridColumnStart: blank + 1 } : undefined}
            aria-pressed={d.day === chosen}
            aria-label={`${Number(d.day.slice(8))} 日，${dayKindLabels[d.kind]}${d.name ? `，${d.name}` : ''}${d.missing ? '，暂定' : ''}`}
            onClick={() => onChoose(d.day)}
          >
            {Number(d.day.slice(8))}
            {marks[d.kind] && <small>{marks[d.kind]}</small>}
          </button>
        ))}
      </div>
    </section>
  )
}
