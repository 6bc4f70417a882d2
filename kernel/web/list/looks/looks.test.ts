import { boolean, choice, date, dateRange, dateTime, reference, type ApiRecord, type Field } from '#model'
import { describe, expect, test } from 'vitest'
import { columnName, columnsOf } from './board/use-board.ts'
import { barsOf, minutesOf, shifted, shownDays, sideBySide, stepped, titleOf, valueOn, weeksOf } from './calendar/calendar-model.ts'
import { newAddress } from './new-address.ts'
import { barAt, dayAt, lineAround, placeOf, ticksOf, windowAround } from './timeline/timeline-model.ts'

const row = (id: string, values: object): ApiRecord => ({ id, ...values }) as ApiRecord

describe('the calendar', () => {
  test('a month is shown in the weeks that it touches, from Monday', () => {
    expect(weeksOf('2026-02-14').map((week) => week[0])).toEqual(['2026-01-26', '2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23'])
    expect(weeksOf('2027-02-01')).toHaveLength(4)
    expect(shownDays('week', '2026-03-01')).toEqual(['2026-02-23', '2026-03-01'])
  })
  test('a step is a month, a week or a day; from the 31st the next month is not skipped', () => {
    expect([stepped('month', '2026-01-31', 1), stepped('week', '2026-03-01', -1), stepped('day', '2026-02-28', 1)]).toEqual([
      '2026-02-01',
      '2026-02-22',
      '2026-03-01',
    ])
    expect([titleOf('month', '2026-03-05'), titleOf('week', '2026-12-31'), titleOf('day', '2026-11-21')]).toEqual([
      '2026 年 3 月',
      '2026 年 12 月 28 日 – 2027 年 1 月 3 日',
      '2026 年 11 月 21 日 星期六',
    ])
  })
  test('what is carried to another day keeps its hour and its length', () => {
    expect(shifted('2026-03-31', 1)).toBe('2026-04-01')
    expect(shifted({ from: '2026-02-27', to: '2026-03-01' }, 3)).toEqual({ from: '2026-03-02', to: '2026-03-04' })
    expect(shifted({ from: '2026-02-27', to: null }, -1)).toEqual({ from: '2026-02-26', to: null })
    expect(shifted('2026-03-02T16:30:00.000Z', 2)).toBe('2026-03-04T16:30:00.000Z')
    expect(shifted('2026-03-02T16:30:00.000Z', 0, 45)).toBe('2026-03-02T17:15:00.000Z')
  })
  test('a new record has the day that was clicked, an instant at nine on the hospital’s wall', () => {
    expect(valueOn(date('日期'), '2026-11-05')).toBe('2026-11-05')
    expect(valueOn(dateRange('起止'), '2026-11-05')).toEqual({ from: '2026-11-05', to: '2026-11-05' })
    expect(valueOn(dateTime('时间'), '2026-11-05')).toBe('2026-11-05T01:00:00.000Z')
    expect(minutesOf(String(valueOn(dateTime('时间'), '2026-11-05', 14 * 60 + 30)))).toBe(14 * 60 + 30)
  })
  test('several days are one bar a week, in the first free line; what finds none is left to the count', () => {
    const week = weeksOf('2026-03-01')[1]!
    const rows = [
      row('a', { span: { from: '2026-02-20', to: '2026-03-03' } }),
      row('b', { span: { from: '2026-03-02', to: null } }),
      row('c', { span: { from: '2026-03-04', to: '2026-03-04' } }),
      row('d', { span: { from: '2026-03-04', to: '2026-03-05' } }),
      row('e', { span: null }),
    ]
    expect(
      barsOf(week, rows, 'span', 2).map(({ row: { id }, first, last, lane, isBefore, isAfter }) => [
        id,
        first,
        last,
        lane,
        isBefore,
        isAfter,
      ]),
    ).toEqual([
      ['a', 0, 1, 0, true, false],
      ['b', 0, 6, 1, false, true],
      ['c', 2, 2, 0, false, false],
    ])
  })
  test('what would cover each other stands side by side', () => {
    const at = (id: string, time: string) => row(id, { at: `2026-03-02T${time}:00+08:00` })
    const list = sideBySide([at('c', '12:00'), at('a', '09:00'), at('b', '09:20'), at('d', '09:50')], 'at', 40)
    expect(list.map(({ row: { id }, place, of }) => [id, place, of])).toEqual([['a', 0, 2], ['b', 1, 2], ['d', 0, 2], ['c', 0, 1]]) // prettier-ignore
  })
})

describe('the line of time', () => {
  const line = lineAround('2026-06-01')
  test('a day has a place, and the place that day, at every scale', () => {
    for (const zoom of ['week', 'month', 'quarter'] as const)
      for (const day of ['2016-01-01', '2026-02-28', '2036-12-31']) expect(dayAt(line, zoom, placeOf(line, zoom, day) + 1)).toBe(day)
    expect([dayAt(line, 'week', -50), dayAt(line, 'week', 1e9)]).toEqual(['2016-01-01', '2036-12-31'])
  })
  test('a bar goes to the end of its last day; without an end to the end of the line; one outside is cut to it', () => {
    expect(barAt(line, 'week', { from: '2016-01-02', to: '2016-01-03' })).toEqual({ left: 36, width: 72, isOpen: false })
    expect(barAt(line, 'quarter', { from: '2016-01-01', to: '2016-01-01' }).width).toBe(6)
    expect(barAt(line, 'week', { from: '2010-01-01', to: null })).toEqual({ left: 0, width: line.days * 36, isOpen: true })
  })
  test('only the ticks in sight are drawn, each beginning where its unit begins', () => {
    const { large, small } = ticksOf(line, 'month', '2026-06-10', '2026-07-05')
    expect(large.map(({ label }) => label)).toEqual(['2026 年 6 月', '2026 年 7 月'])
    expect(small.map(({ day }) => day)).toEqual(['2026-06-08', '2026-06-15', '2026-06-22', '2026-06-29'])
    expect(large[0]!.left + large[0]!.width).toBe(large[1]!.left)
  })
  test('scrolling a little asks for nothing new; what is asked for is more than is seen', () => {
    const at = placeOf(line, 'month', '2026-06-10')
    const asked = windowAround(line, 'month', at, 1000)
    expect(windowAround(line, 'month', at + 30, 1000)).toEqual(asked)
    expect(asked[0] < '2026-06-10' && asked[1] > dayAt(line, 'month', at + 1000)).toBe(true)
  })
})

describe('the board', () => {
  const of = (field: Field, groups: [string | boolean | null, number][]) =>
    columnsOf(field, groups.map(([key, count]) => ({ key, count, totals: [] })), 'by', null).map(({ key, count }) => [key, count]) // prettier-ignore
  test('every choice has its column in the declared order, also one that was given up and still has records; none has one where it may be', () => {
    const status = choice('状态', { todo: '未开始', doing: '进行中' })
    expect(of(status, [['old', 2], ['doing', 3]])).toEqual([['todo', 0], ['doing', 3], ['old', 2], [null, 0]]) // prettier-ignore
    expect(of(choice('状态', { todo: '未开始' }, { required: true }), [])).toEqual([['todo', 0]])
    expect(of(boolean('在用'), [[null, 1]])).toEqual([[true, 0], [false, 0], [null, 1]]) // prettier-ignore
  })
  test('of references there are those that have records', () => {
    expect(of(reference('库房', 'kit.room', { required: true }), [['r1', 2]])).toEqual([['r1', 2]])
  })
  test('a column is called as its records are', () => {
    const name = (field: Field, key: string | boolean | null) => columnName(field, key, (_, id) => (id === 'r1' ? '东库' : undefined))
    expect([name(choice('状态', { a: '甲' }), 'a'), name(choice('状态', { a: '甲' }), null), name(boolean('在用'), false)]).toEqual(['甲', '（空）', '否']) // prettier-ignore
    expect([name(reference('库房', 'kit.room'), 'r1'), name(reference('库房', 'kit.room'), 'r2')]).toEqual(['东库', '…'])
  })
  test('who may add nothing is offered nothing to add', () => {
    const resource = { name: 'kit.room', may: { create: true } } as Parameters<typeof newAddress>[0]
    expect(newAddress(resource, { on: '2026-11-05', state: null, flag: true })).toBe('/r/kit.room/new?on=2026-11-05&flag=true')
    expect(newAddress({ ...resource, may: { ...resource.may, create: false } }, {})).toBeNull()
    expect(newAddress({ ...resource, writtenBy: 'module' }, {})).toBeNull()
  })
})
