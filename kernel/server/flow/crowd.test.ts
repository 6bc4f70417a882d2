import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from './testing.ts'

const crowd = 6
let h: TestHospital
const sessions: Awaited<ReturnType<TestHospital['signIn']>>[] = []
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService], poolSize: 2 })
  await h.person('孙主任', { post: 'head', roles: ['departmentHead'] })
  await h.person('周干事', { unit: '医务处', roles: ['medicalOffice'] })
  for (let n = 0; n < crowd; n++) sessions.push(await h.signIn(await h.person(`申请人${n}`)))
})
afterAll(() => h[Symbol.asyncDispose]())

test('more people than connections submit at the same moment, nothing being in memory yet: all go through', async () => {
  const answers = await Promise.all(
    sessions.map((session, n) =>
      session.call('POST', '/api/flows/submit/study.application', {
        draft: { topic: `腔镜进修 ${n}`, place: '协和', days: 30, contact: '13800001234' },
        actId: newId(),
      }),
    ),
  )
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: crowd }, () => 201))
})
