import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordAnswer, SavedView, StandingShortcut } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'

let h: TestHospital
let officer: HttpSession, doctor: HttpSession
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([]) })
  officer = await h.signIn(await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  doctor = await h.signIn(await h.person('张海涛'))
})
afterAll(() => h[Symbol.asyncDispose]())

const keep = (who: HttpSession, shortcuts: unknown) => who.call('PUT', '/api/shortcuts', { shortcuts })
const kept = async (who: HttpSession) => (await who.call('GET', '/api/shortcuts')).json<{ shortcuts: StandingShortcut[] }>().shortcuts
const gone = async (who: HttpSession, ...paths: string[]) => {
  expect((await keep(who, paths.map((path, at) => ({ path, name: `快捷 ${at}` })))).status).toBe(200)
  return (await kept(who)).map((one) => one.gone)
} // prettier-ignore

test('shortcuts are one person’s, in his order and by his names, wherever he signs in', async () => {
  const own = [
    { path: '/r/staff.practitioner?filter=%7B%7D', name: '全院医师' },
    { path: '/privileges/why', name: ' 能不能做 ' },
  ]
  expect((await keep(officer, [...own, own[0]])).status).toBe(200)
  expect(await kept(officer)).toEqual([
    { ...own[0], gone: null },
    { path: '/privileges/why', name: '能不能做', gone: null },
  ])
  expect(await kept(doctor)).toEqual([])
  await keep(officer, own.toReversed())
  expect((await kept(officer)).map(({ name }) => name)).toEqual(['能不能做', '全院医师'])
})

test('only addresses of this program are kept, named, and no more than a screen can hold; each mistake is told at its place', async () => {
  await keep(officer, [])
  for (const path of ['https://a.cn/', '//a.cn', '/\\a.cn', 'javascript:alert(1)', '/api/me', '/a\nb', 7, `/${'a'.repeat(2001)}`]) {
    const answer = await keep(officer, [{ path: '/tasks', name: '待办' }, { path, name: '外面' }]) // prettier-ignore
    expect([path, answer.status, answer.json<{ problems: object[] }>().problems]).toEqual([path, 422, [{ field: 'shortcuts.1.path', message: '不是本系统的页面' }]]) // prettier-ignore
  }
  const named = (name: unknown) => keep(officer, [{ path: '/tasks', name }])
  expect((await named('  ')).text).toContain('请填写名称')
  expect((await named('长'.repeat(31))).text).toContain('名称最多 30 个字')
  const many = Array.from({ length: 41 }, (_, i) => ({ path: `/r/a.b?page=${i}`, name: '多' }))
  expect((await keep(officer, many)).text).toContain('最多固定 40 个快捷')
  expect((await keep(officer, 'x')).status).toBe(422)
  expect(await kept(officer)).toEqual([])
})

test('what leads nowhere any more says why: a type that is gone, a right, a view, a record', async () => {
  const { id } = (await officer.call('POST', '/api/records/privileges.codeMapping', {
    codeSystem: 'HIS', code: '1', procedure: (await h.create('privileges.procedure', { code: '47.09', name: '阑尾切除术' })).id,
  })).json<RecordAnswer>().record // prettier-ignore
  const state = { filter: null, sort: ['code'], columns: ['code'], pinned: [], group: [], totals: [], look: '', formats: [], chart: [] }
  const view = await officer.call('POST', '/api/views/privileges.codeMapping', {
    view: { name: '待确认', isShared: false, isLocked: false, state },
  })
  const viewId = view.json<SavedView>().id
  const paths = ['/r/privileges.codeMapping', '/r/privileges.codeMapping/new', `/r/privileges.codeMapping/${id}`, `/r/privileges.codeMapping?view=${viewId}`, '/privileges/matrix'] // prettier-ignore
  expect(await gone(officer, ...paths)).toEqual([null, null, null, null, null])
  const right = '您已没有查看的权限'
  expect(await gone(doctor, ...paths)).toEqual([right, '您已没有新建的权限', right, right, right])
  expect(await gone(officer, '/r/gone.type', '/r/privileges.procedure?view=ungraded', '/r/privileges.procedure?view=nothing', '/tasks')).toEqual(['这种记录已停用', null, '视图已删除，或不再共享给您', null]) // prettier-ignore
  expect((await officer.call('DELETE', `/api/views/privileges.codeMapping/${viewId}`)).status).toBe(204)
  expect(await gone(officer, paths[3]!)).toEqual(['视图已删除，或不再共享给您'])
  expect(await gone(officer, '/r/privileges.codeMapping/0198d000-0000-7000-8000-000000000000', '/reports/x')).toEqual([expect.stringContaining('不存在'), '报表已删除']) // prettier-ignore
})
