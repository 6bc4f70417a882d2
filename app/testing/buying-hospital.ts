import { expect } from 'vitest'
import { boolean, choice, date, group, images, integer, ledger, longText, may, module, money, person, phone, plainStyle, reference, resource, rows, signature, text, unit, type ApprovalAnswer, type DesignAnswer, type FileValue, type Problem, type PublishingItem } from '#model' // prettier-ignore
import { approve, flow, role, seal } from '#kernel/model/flow/index.ts'
import { noOtherWays } from '#kernel/server/access/outside/from-environment.ts'
import { productDefinitions } from '../definitions.ts'
import { hospital, newActId, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'
import { readPdf } from './pdf.ts'

export const supplier = resource('buy.supplier', {
  label: '供应商',
  title: 'name',
  fields: { name: text('名称', { required: true }), city: text('城市') },
})
export const purchase = resource('buy.purchase', {
  label: '采购申请',
  title: 'topic',
  owner: { person: 'applicant', department: 'department' },
  approval: 'buy.purchase',
  groups: [
    { label: '基本情况', fields: ['topic', 'applicant', 'department', 'supplier', 'on', 'urgent'] },
    { label: '说明', fields: ['reason', 'photos', 'signed'] },
  ],
  fields: {
    topic: text('品名', { required: true, max: 100 }),
    applicant: person('申请人', { required: true }),
    department: unit('科室', { required: true, from: 'applicant.unit' }),
    supplier: reference('供应商', 'buy.supplier'),
    on: date('需用日期'),
    urgent: boolean('是否急用'),
    why: text('急用理由', { visibleWhen: 'urgent == true' }),
    budget: money('预算', { inWords: true }),
    contact: phone('联系电话'),
    reason: longText('申请理由', { max: 5000 }),
    photos: images('照片'),
    signed: signature('申请人签名'),
    secret: text('底价'),
    lines: rows('明细', { name: text('名称', { max: 2000 }), amount: integer('数量'), price: money('单价') }, { totals: { amount: 'sum', price: 'sum' } }),
  },
}) // prettier-ignore
/** Whose name is protected. */
const contact = resource('buy.contact', { label: '联系人', title: 'name', fields: { name: text('姓名', { class: 'sensitive' }) } })
export const asset = resource('buy.asset', {
  label: '资产',
  title: 'name',
  owner: { department: 'department' },
  fields: {
    name: text('名称', { required: true, search: true }),
    department: unit('科室'),
    number: text('编号'),
    contact: reference('联系人', 'buy.contact'),
    state1: choice('状况', { good: '完好', broken: '损坏' }),
    lines: rows('部件', { name: text('名称'), amount: integer('数量'), note: text('备注', { max: 500 }) }, { max: 20_000 }),
  },
  list: { columns: ['name', 'department', 'number'] },
})
/** A hospital's buying: what is printed of it, with an approval that is signed and sealed, and a plain register. */
export const buying = module('buy', {
  label: '采购',
  resources: [supplier, contact, purchase, asset],
  flows: [
    flow('buy.purchase', {
      label: '采购审批',
      steps: [
        approve('office', '职能部门', { by: role('medicalOffice') }),
        approve('leader', '院领导', { by: role('hospitalLeader'), sign: true }),
        seal('seal', '盖章', { seal: '院章', by: role('medicalOffice') }),
      ],
    }),
  ],
  roles: {
    staffMember: [may.readOwn(purchase), may.create(purchase), may.read(supplier)],
    medicalOffice: [may.all(supplier), may.all(purchase, 'hospital', { show: 'all' }), may.writeDirectly(purchase), may.all(asset)],
    departmentHead: [may.read(purchase, 'myUnits', { hide: ['secret'] }), may.read(asset, 'myUnits'), may.export(asset, 'myUnits')],
    hospitalLeader: [may.read(purchase)],
  },
  menu: [group('采购', [ledger(purchase), ledger(asset)])],
})

/** Under which the world knows it. */
export const publicUrl = 'https://xinglin.hospital.cn'
/** A hospital that buys, with who applies, decides, and draws what is printed. */
export interface BuyingHospital extends AsyncDisposable {
  h: TestHospital
  who: Readonly<Record<string, HttpSession>>
  people: Readonly<Record<string, string>>
  upload(name: string, content: Buffer): Promise<string>
  /** Somebody's act on what waits for him. */
  act(name: string, instance: string, kind: string, more?: object): Promise<void>
  /** 李静 applies for a purchase. */
  asked(more?: object): Promise<{ instance: string; record: string }>
  print(name: string, resource: string, records: string[], template?: string): Promise<HttpAnswer>
  /** Draws a template and puts it in force; answers its name. */
  publish(content: object): Promise<string>
}
/** Builds it; `beforeAll` of a test file. */
export async function buyingHospital(): Promise<BuyingHospital> {
  const h = await hospital({ defs: productDefinitions([buying]), signIn: { ...noOtherWays, publicUrl } })
  const who: Record<string, HttpSession> = {}
  const people: Record<string, string> = {}
  for (const [name, more] of Object.entries({
    周敏: { roles: ['medicalOffice'] }, 张涛: { unit: '外科', post: 'head', roles: ['departmentHead'] }, 李静: { unit: '外科' }, 院长: { roles: ['hospitalLeader'] },
    王内: { unit: '内科', post: 'head', roles: ['departmentHead'] }, 实施员: { roles: ['implementer'] },
  })) {
    people[name] = await h.person(name, more)
    who[name] = await h.signIn(people[name])
  } // prettier-ignore
  return {
    h, who, people,
    async upload(name, content) {
      const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="图.png"\r\ncontent-type: image/png\r\n\r\n`
      const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')])
      return (await who[name]!.call('POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })).json<FileValue>().id
    },
    async act(name, instance, kind, more = {}) {
      const { version, my } = (await who[name]!.call('GET', `/api/approvals/${instance}`)).json<ApprovalAnswer>()
      const answer = await who[name]!.call('POST', `/api/approvals/${instance}/acts`, { kind, actId: newActId(), seenVersion: version, task: my.task!.id, ...more })
      expect(answer.status, answer.text).toBe(200)
    },
    async asked(more = {}) {
      const supplier = (await h.create('buy.supplier', { name: '华东器械', city: '上海' })).id
      const lines = [{ name: '主机', amount: 1, price: '3000.00' }, { name: '电池', amount: 2, price: '100.25' }]
      const draft = { applicant: people['李静'], topic: '除颤仪', supplier, urgent: true, contact: '13800001234', lines, ...more }
      const answer = await who['李静']!.call('POST', '/api/flows/submit/buy.purchase', { draft, actId: newActId() })
      expect(answer.status, answer.text).toBe(201)
      return answer.json()
    },
    print: (name, resource, records, template = 'automatic') => who[name]!.call('POST', `/api/prints/${resource}`, { records, template }),
    async publish(content) {
      const begun = await who['实施员']!.call('POST', '/api/designs/print', { content })
      expect(begun.status, begun.text).toBe(201)
      const { name, problems } = begun.json<unknown>() as DesignAnswer
      expect(problems).toEqual([])
      const done = await who['实施员']!.call('POST', '/api/publishings', { items: [{ kind: 'print', name }], note: '上线' })
      expect(done.json<unknown>() as PublishingItem).toMatchObject({ state: 'done' })
      return name
    },
    [Symbol.asyncDispose]: () => h[Symbol.asyncDispose](),
  } // prettier-ignore
}
export const problemIn = (answer: HttpAnswer): string => answer.json<Problem>().title
/** A text that flows, as a block of a template. */
export const textBlock = (id: string, words: string, more: object = {}): object => ({
  id,
  kind: 'text',
  text: words,
  style: plainStyle,
  ...more,
})
/** The text of each page of a print. */
export async function pagesOf(answer: HttpAnswer): Promise<string[]> {
  expect(answer.status, answer.text.slice(0, 400)).toBe(200)
  return (await readPdf(answer.raw)).pages
}
