import { choice, date, dateRange, dateTime, matches, phone, readPath, reference, text, type Field, type Filter } from '#model'
import { describe, expect, test } from 'vitest'
import { duringDays, fieldsOfLook, fitsLook, onDays, readLook, writeLook } from './looks.ts'

describe('kinds of view', () => {
  test.each(['board:status', 'calendar:on:week', 'timeline:span:-:-:month', 'timeline:from:to:unit:quarter', 'tree:parent'])(
    '%s stands in an address as it is read',
    (written) => expect(writeLook(readLook(written))).toBe(written),
  )
  test('the table says nothing; a calendar without a span is a month', () => {
    expect([writeLook(null), readLook(''), writeLook(readLook('calendar:on'))]).toEqual(['', null, 'calendar:on:month'])
  })
  test.each([
    'board',
    'board:',
    'board:a:b',
    'board:unit.name',
    'calendar:on:year',
    'timeline:a:b',
    'timeline:-:b:-:month',
    'cloud:a',
    'tree:a"b',
  ])('%s is none', (written) => expect(readLook(written)).toBeNull())
  const fields: Record<string, Field> = {
    name: text('名称'),
    status: choice('状态', { a: '甲', b: '乙' }),
    on: date('日期'),
    at: dateTime('时间'),
    span: dateRange('起止'),
    parent: reference('上级', 'trial.task'),
    other: reference('别的', 'trial.other'),
    contact: phone('电话'),
  }
  const fits = (written: string) => fitsLook(readLook(written)!, (key) => fields[key], (target) => target === 'trial.task') // prettier-ignore
  test('a type offers what its fields allow', () => {
    for (const one of [
      'board:status',
      'board:parent',
      'board:state',
      'calendar:span',
      'calendar:at:day',
      'timeline:span:-:status:week',
      'timeline:on:at:-:month',
      'tree:parent',
    ])
      expect([one, fits(one)]).toEqual([one, true])
    for (const one of [
      'board:on',
      'board:gone',
      'board:contact',
      'calendar:name',
      'timeline:on:-:-:week',
      'timeline:span:on:-:week',
      'timeline:span:-:name:week',
      'tree:other',
      'tree:name',
    ])
      expect([one, fits(one)]).toEqual([one, false])
    expect(fieldsOfLook(readLook('timeline:on:at:-:month')!)).toEqual(['on', 'at'])
  })
  const passes = (filter: Filter, record: Record<string, unknown>) =>
    matches(filter, record, { today: '2026-01-01', isUnder: () => false, read: readPath, fieldAt: (path) => fields[path] })
  test('days let through what stands on them, the first and the last included', () => {
    const march = onDays('on', 'date', '2026-03-01', '2026-03-31')
    expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map((on) => passes(march, { on }))).toEqual([false, true, true, false])
    const span = onDays('span', 'dateRange', '2026-03-01', '2026-03-31')
    expect(passes(span, { span: { from: '2026-01-01', to: '2026-03-01' } })).toBe(true)
    expect(passes(span, { span: { from: '2026-01-01', to: null } })).toBe(true)
    expect(passes(span, { span: { from: '2026-04-01', to: '2026-04-02' } })).toBe(false)
  })
  test('two dates touch days from the one to the other; without an end they go on', () => {
    const march = duringDays({ key: 'on', kind: 'date' }, { key: 'end' }, '2026-03-01', '2026-03-31')
    const touch = (on: string | null, end: string | null) => passes(march, { on, end })
    expect([touch('2026-01-01', '2026-03-01'), touch('2026-03-31', '2026-05-01'), touch('2026-01-01', null)]).toEqual([true, true, true])
    expect([touch('2026-04-01', null), touch('2026-01-01', '2026-02-28'), touch(null, '2026-03-05')]).toEqual([false, false, false])
  })
})
