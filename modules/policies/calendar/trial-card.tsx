import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { DatePicker, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { formatDayWithWeekday, formatInstant } from '#model'
import { type DurationUnit, durationUnits } from '#kernel/model/clock/index.ts'
import { api } from '#kernel/web/api/client.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { Tag } from '#kernel/web/parts/tag.tsx'
import type { Trial } from './calendar.rules.ts'

/** 若现在开始，何时到期. */
export function TrialCard({ unit }: { unit: string | null }) {
  const [amount, setAmount] = useState(5)
  const [of, setOf] = useState<DurationUnit>('workingDays')
  const [from, setFrom] = useState<string | null>(null)
  const query = useQuery({
    queryKey: ['clock', 'trial', unit, amount, of, from],
    queryFn: ({ signal }) => api.get<Trial>('/api/clock/trial', { unit, amount, of, from }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const t = query.data
  return (
    <section className="x-card c-card c-trial">
      <h2>试算到期</h2>
      <div className="c-ask">
        <label htmlFor="trial-from">开始</label>
        <DatePicker
          id="trial-from"
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          placeholder="现在"
          value={from ? dayjs(from) : null}
          onChange={(value) => setFrom(value ? `${value.format('YYYY-MM-DDTHH:mm')}:00+08:00` : null)}
        />
        <label htmlFor="trial-amount">时限</label>
        <div className="x-row">
          <InputNumber id="trial-amount" min={1} max={3650} value={amount} onChange={(value) => value && setAmount(value)} />
          <Select
            aria-label="时限单位"
            value={of}
            options={Object.entries(durationUnits).map(([value, label]) => ({
              value: value as DurationUnit,
              label: label.replace(/^个/, ''),
            }))}
            onChange={setOf}
          />
        </div>
      </div>
      {query.error ? (
        <p className="c-problem">{messageOf(query.error)}</p>
      ) : (
        t && (
          <div role="status">
            <p className="c-due">
              {formatDayWithWeekday(formatInstant(t.at).slice(0, 10))} {formatInstant(t.at).slice(11)}
              {t.provisional && <Tag tone="warn">暂定</Tag>}
            </p>
            <p className="x-small x-muted">
              {t.how}
              {t.provisional && `；${t.missing.join('、')} 年节假日尚未录入`}
            </p>
          </div>
        )
      )}
    </section>
  )
}
