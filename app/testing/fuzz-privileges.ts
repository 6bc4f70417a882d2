// Rights to operate, and the rules of the house.
import { v7 as uuidv7 } from 'uuid'
import { as, office, sentPicture, type FuzzWorld, type Makers, type Newcomer, type Valid } from './fuzz-world.ts'

const [head, secretary] = ['departmentHead', 'departmentSecretary']
/** An operation of the department's own list. */
async function procedure(w: FuzzWorld, isListed = true): Promise<{ id: string; code: string }> {
  const code = `81.${String(w.next()).padStart(6, '0')}`
  const { id } = await w.h.create('privileges.procedure', { code, name: `手术${code}`, level: 'two', codeSystem: '医保版', codeVersion: '2.0' })
  if (isListed) await w.h.create('privileges.departmentProcedure', { unit: w.unit, procedure: id })
  return { id, code }
} // prettier-ignore
const surgeon = (w: FuzzWorld): Promise<Newcomer> =>
  w.once('surgeon', async () => {
    const one = await w.newcomer({ titleLevel: 'senior', appointedTitle: '主任医师' })
    await w.h.create('staff.registration', { practitioner: one.person, certificateNumber: 'C880001', institution: w.h.institution, from: '2015-01-01' }) // prettier-ignore
    await w.h.create('directory.group', { name: '考核小组', kind: 'privilegeAssessment', unit: w.unit, members: [{ person: w.person(head), chair: true }, { person: w.person(secretary) }] }) // prettier-ignore
    return one
  })
const granting = async (w: FuzzWorld): Promise<Valid> =>
  as(office, 'POST', '/api/privileges/grants', { practitioner: (await surgeon(w)).person, procedures: [(await procedure(w)).id], basisNumber: `医务〔2026〕${w.next()}号` }) // prettier-ignore
const granted = async (w: FuzzWorld): Promise<string> => (await w.need<{ granted: string[] }>(await granting(w))).granted[0]!
const letter = (w: FuzzWorld) =>
  w.once('letter', async () => {
    await granted(w)
    const { id } = await w.need<{ id: string }>(as(office, 'POST', '/api/privileges/letters', { practitioner: (await surgeon(w)).person }))
    const [row] = await w.query<{ code: string }>(`SELECT code FROM privileges.letter WHERE id = $1::uuid`, [id])
    return { id, code: row!.code }
  })
const question = async (w: FuzzWorld) => {
  const { person } = await surgeon(w)
  const { code } = await w.once('asked procedure', () => procedure(w))
  return { practitioner: { id: person }, procedures: [{ codeSystem: '医保版', code, version: '2.0' }] }
}
/** A card that somebody has to sign. */
async function unsigned(w: FuzzWorld): Promise<string> {
  const values = [{ name: 'notice', label: '提醒', order: 'min', amount: '30', unit: 'days' }]
  const card = {
    key: `trial${w.next()}`,
    label: '试行规则',
    layer: 'hospital',
    document: '试行规定',
    certainty: 'C',
    from: '2026-06-01',
    values,
  }
  return (await w.h.create('rules.card', card)).id
}

export const privilegeMakers: Makers = {
  'GET /api/rules/:key': () => as(office, 'GET', '/api/rules/consultation'),
  'POST /api/rules/sign': async (w) => as(office, 'POST', '/api/rules/sign', { card: await unsigned(w), opinion: '已核对原文，本院采用' }),
  'POST /api/privileges/applications': async (w) => {
    const { by } = await surgeon(w)
    const draft = { items: [{ procedure: (await procedure(w)).id }], signature: await sentPicture(w, by) }
    return as(by, 'POST', '/api/privileges/applications', { draft, actId: uuidv7() })
  },
  'POST /api/privileges/applications/prepare': async (w) => {
    const { person } = await surgeon(w)
    const draft = { items: [{ procedure: (await procedure(w)).id }], kind: 'first' }
    return as(secretary, 'POST', '/api/privileges/applications/prepare', { practitioner: person, draft })
  },
  'POST /api/privileges/department-list': async (w) =>
    as(head, 'POST', '/api/privileges/department-list', { unit: w.unit, procedures: [(await procedure(w, false)).id] }),
  'POST /api/privileges/grants': granting,
  'POST /api/privileges/grants/:id/:ending': async (w) =>
    as(office, 'POST', `/api/privileges/grants/${await granted(w)}/withdraw`, { version: 1, reason: '转岗' }),
  'POST /api/privileges/letters': async (w) => {
    await letter(w)
    return as(office, 'POST', '/api/privileges/letters', { practitioner: (await surgeon(w)).person })
  },
  'GET /api/privileges/letters/:id/pdf': async (w) => as(office, 'GET', `/api/privileges/letters/${(await letter(w)).id}/pdf`),
  'GET /api/verify/:code': async (w) => as('stranger', 'GET', `/api/verify/${(await letter(w)).code}`),
  'GET /api/privileges/matrix': (w) => as(office, 'GET', `/api/privileges/matrix?unit=${w.unit}`),
  'POST /api/privileges/procedures/copy': (w) => {
    const listed = w.h.rows.get('privileges.standardProcedure')!
    return as(office, 'POST', '/api/privileges/procedures/copy', { ids: [listed[w.next() % listed.length]!.id] })
  },
  'GET /api/privileges/why': async (w) => {
    const { id } = await w.once('asked procedure', () => procedure(w))
    return as(office, 'GET', `/api/privileges/why?procedure=${id}&practitioner=${(await surgeon(w)).person}`)
  },
  'POST /api/privileges/check': async (w) => as('program', 'POST', '/api/privileges/check', await question(w)),
  'GET /api/privileges/check/codes': () => as('program', 'GET', '/api/privileges/check/codes'),
  'GET /api/privileges/changes': () => as('program', 'GET', '/api/privileges/changes?limit=5'),
  'GET /api/privileges/snapshot': () => as('program', 'GET', '/api/privileges/snapshot'),
  'POST /api/privileges/reconcile': async (w) =>
    as('program', 'POST', '/api/privileges/reconcile', { practitioners: [{ id: (await surgeon(w)).person, count: 0, checksum: 'x' }], complete: false }), // prettier-ignore
}
