import { expect, test } from 'vitest'
import type { ListAnswer } from '#model'
import { hospital } from '#app/testing/hospital.ts'

test('a head takes procedures out of the hospital’s list into his own department’s, many at once, and into no other', async () => {
  await using h = await hospital()
  await h.create('directory.roleAssignment', { role: 'departmentHead', post: 'head' })
  const bone = await h.unit('骨科')
  const eyes = await h.unit('眼科')
  const head = await h.signIn(await h.person('李卫东', { post: 'head' }))
  const procedures: string[] = []
  for (const code of ['81.5100', '81.5400', '80.5100'])
    procedures.push((await h.create('privileges.procedure', { code, name: `手术${code}`, level: 'three' })).id)
  await h.create('privileges.departmentProcedure', { unit: bone, procedure: procedures[0] })
  const pick = (unit: string, list: string[]) => head.call('POST', '/api/privileges/department-list', { unit, procedures: list })
  expect((await pick(bone, procedures)).json()).toEqual({ added: 2, known: 1 })
  expect((await pick(eyes, procedures)).status).toBe(403)
  expect((await pick(bone, [])).json()).toMatchObject({ problems: [{ field: 'procedures', message: '请选择手术' }] })
  const list = (await head.call('GET', '/api/records/privileges.departmentProcedure?columns=procedure')).json<ListAnswer>()
  expect(list.rows).toHaveLength(3)
})
