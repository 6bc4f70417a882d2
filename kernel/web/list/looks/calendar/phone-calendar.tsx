import { LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import { writeLook, type Look } from '#model'
import { Link } from 'react-router'
import { useMe } from '../../../api/hooks.ts'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { ListFailed } from '../../slow-question.tsx'
import { LookField } from '../look-switch.tsx'
import { newAddress } from '../new-address.ts'
import { lookFieldsOf } from '../offered.ts'
import type { PhoneLookProps } from '../phone-look.tsx'
import { useSwipe } from '../use-swipe.ts'
import { shownDays, stepped, titleOf, valueOn, weekdays, weeksOf } from './calendar-model.ts'
import { DayList } from './day-list.tsx'
import { useDays } from './use-days.ts'

/** A month with a point for what is on a day, and below it the records of the chosen day. */
export function PhoneCalendar({ resource, address, columns, look }: PhoneLookProps<Extract<Look, { kind: 'calendar' }>>) {
  const { today } = useMe()
  const catalog = useCatalog()
  const on = catalog.find(resource, look.on)!
  const day = address.state.at || today
  const [first, last] = shownDays('month', day)
  const days = useDays(resource, address, { on: on.path, from: first, to: last, each: 1, columns: [on.path] })
  const goTo = (at: string) => address.set({ at: at === today ? '' : at })
  const swipe = useSwipe((by) => goTo(stepped('month', day, by)))
  const addTo = newAddress(resource, { [on.path]: valueOn(on.field, day) })
  return (
    <>
      <LookField
        label="日期"
        fields={lookFieldsOf(catalog, resource).when}
        value={look.on}
        onChange={(path) => path && address.set({ look: writeLook({ ...look, on: path }) })}
      />
      <section className="x-phone-month" aria-label="月历" {...swipe}>
        <header>
          <button type="button" className="x-icon-button" aria-label="前一月" onClick={() => goTo(stepped('month', day, -1))}>
            <LeftOutlined />
          </button>
          <h2 aria-live="polite">{titleOf('month', day)}</h2>
          {day !== today && (
            <button type="button" className="x-link" onClick={() => goTo(today)}>
              今天
            </button>
          )}
          <button type="button" className="x-icon-button" aria-label="后一月" onClick={() => goTo(stepped('month', day, 1))}>
            <RightOutlined />
          </button>
        </header>
        <div className="x-phone-week" aria-hidden>
          {weekdays.map((word) => (
            <small key={word}>{word}</small>
          ))}
        </div>
        {weeksOf(day).map((week) => (
          <div key={week[0]} className="x-phone-week">
            {week.map((one) => {
              const count = days.countOn(one)
              const marks = [one === today && 'today', one.slice(0, 7) !== day.slice(0, 7) && 'other']
              return (
                <button
                  key={one}
                  type="button"
                  aria-pressed={one === day}
                  aria-label={`${one}，${count} 条`}
                  className={marks.filter(Boolean).join(' ')}
                  onClick={() => goTo(one)}
                >
                  {Number(one.slice(8))}
                  <i aria-hidden>{count > 0 ? '•'.repeat(Math.min(3, count)) : ''}</i>
                </button>
              )
            })}
          </div>
        ))}
      </section>
      <section className="x-phone-day">
        <header>
          <h2>{titleOf('day', day)}</h2>
          <small>{days.countOn(day)} 条</small>
          {addTo && (
            <Link to={addTo} className="x-icon-button" aria-label={`在 ${day} 新建`}>
              <PlusOutlined />
            </Link>
          )}
        </header>
        {days.error ? (
          <ListFailed address={address} error={days.error} retry={days.retry} />
        ) : (
          <DayList key={day} resource={resource} address={address} facts={columns} on={on} day={day} />
        )}
      </section>
    </>
  )
}
