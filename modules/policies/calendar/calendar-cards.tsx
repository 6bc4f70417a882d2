import { Link } from 'react-router'
import { formatDayWithWeekday } from '#model'
import { Tag, type Tone } from '#kernel/web/parts/tag.tsx'
import { type CalendarYear, dayKindLabels } from './calendar.rules.ts'

const tones: Record<CalendarYear['days'][number]['kind'], Tone | undefined> = {
  work: undefined,
  off: 'neutral',
  holiday: 'bad',
  makeUp: 'info',
  extraOn: 'info',
  extraOff: 'warn',
}
/** What one day is, its hours, and who says so. */
export function DayCard({ calendar, day }: { calendar: CalendarYear; day: string }) {
  const fact = calendar.days.find((d) => d.day === day)
  if (!fact) return null
  return (
    <section className="x-card c-card c-fact">
      <h2>{formatDayWithWeekday(day)}</h2>
      <p className="c-line">
        <Tag tone={tones[fact.kind]} icon={false}>
          {dayKindLabels[fact.kind]}
        </Tag>
        {fact.name && <span>{fact.name}</span>}
        {fact.missing && <Tag tone="warn">暂定</Tag>}
      </p>
      {fact.hours && <p>{fact.hours}</p>}
      <p className="x-small x-muted">出自：{fact.source || '平常周历'}</p>
    </section>
  )
}

/** The layers of the calendar, where its holidays were read, and who has a calendar of his own. */
export function SaidCard({ calendar: c, onUnit }: { calendar: CalendarYear; onUnit: (unit: string | null) => void }) {
  return (
    <section className="x-card c-card">
      <h2>依据</h2>
      <dl className="c-said">
        {c.layers.map((layer) => (
          <div key={layer.unit ?? ''}>
            <dt>{layer.record ? <Link to={`/r/clock.calendar/${layer.record}`}>{layer.name}</Link> : `${layer.name}（默认作息）`}</dt>
            <dd>
              {layer.hours ?? <span className="x-faint">作息同上级</span>}
              {layer.extra > 0 && <span className="x-muted"> · 特殊日期 {layer.extra} 条</span>}
              {layer.holidays === 'none' && <span className="x-muted"> · 全年不休</span>}
            </dd>
          </div>
        ))}
        <div>
          <dt>{c.year} 年节假日</dt>
          <dd>
            {c.follows === 'none' ? (
              '不随节假日（全年不休）'
            ) : c.holidays ? (
              <>
                {c.holidays.source}
                {c.holidays.readOn && <span className="x-muted"> · {c.holidays.readOn} 读取</span>}
                {c.holidays.certainty !== 'A' && <span className="x-muted"> · 未逐日核对通知原文</span>}
              </>
            ) : (
              <Tag tone="warn">尚未录入</Tag>
            )}
          </dd>
        </div>
      </dl>
      {c.others.some((o) => o.unit !== null) && (
        <>
          <h2>单独设置的院区与科室</h2>
          <ul className="c-others">
            {c.others
              .filter((o) => o.unit !== null)
              .map((o) => (
                <li key={o.record}>
                  <button type="button" className="x-link" aria-current={o.unit === c.unit?.id} onClick={() => onUnit(o.unit)}>
                    {o.name}
                  </button>
                </li>
              ))}
            {c.unit && (
              <li>
                <button type="button" className="x-link" onClick={() => onUnit(null)}>
                  全院
                </button>
              </li>
            )}
          </ul>
        </>
      )}
    </section>
  )
}
