import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowDesign, FlowDesignItem } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { hospital, type HttpSession, type TestHospital } from '#app/testing/hospital.ts'
import { studyModule, visaService } from '../testing.ts'

let h: TestHospital
let admin: HttpSession
const person: Record<string, string> = {}
beforeAll(async () => {
  h = await hospital({ defs: productDefinitions([studyModule]), services: [visaService] })
  for (const [name, more] of Object.entries({
    赵一: {}, 孙主任: { post: 'head', roles: ['departmentHead'] }, 周干事: { unit: '医务处', roles: ['medicalOffice'] }, 管理员: { unit: '信息科', roles: ['systemOfficer'] },
  })) person[name] = await h.person(name, more) // prettier-ignore
  admin = await h.signIn(person['管理员']!)
})
afterAll(() => h[Symbol.asyncDispose]())

const open = async (flow: string) => (await admin.call('GET', `/api/flow-designs/${flow}`)).json<FlowDesign>()
const list = async () => (await admin.call('GET', '/api/flow-designs')).json<FlowDesignItem[]>()

describe('every flow of the product', () => {
  test('opens in the designer without a fault', async () => {
    for (const item of await list()) {
      const design = await open(item.flow)
      expect([item.flow, design.problems]).toEqual([item.flow, []])
      expect(design.revision).toBe(0)
    }
  })
  test('is read back as it is, when it comes from outside', async () => {
    for (const flow of h.kernel.defs.flows.keys()) {
      const { definition } = await open(flow)
      const saved = await admin.call('PUT', `/api/flow-designs/${flow}`, { revision: 0, definition, tests: [] })
      expect([flow, saved.status, saved.json<FlowDesign>().definition]).toEqual([flow, 200, definition])
      expect((await admin.call('DELETE', `/api/flow-designs/${flow}/draft`)).status).toBe(200)
    }
  })
})
