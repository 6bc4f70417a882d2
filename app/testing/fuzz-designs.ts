// What the hospital makes itself: drawn, published, taken back, carried away and brought in.
import type { DesignAnswer, PublishingItem, TrialItem } from '#model'
import { as, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const system = 'systemOfficer'
const overlay = '/api/designs/overlay/staff.certificate'
const content = (w: FuzzWorld) => ({
  label: `登记${w.next()}`,
  title: 'xname01',
  fields: [
    { key: 'xname01', kind: 'text', label: '名称', required: true, options: { max: 50 } },
    { key: 'xdays01', kind: 'integer', label: '天数', options: { min: 1 } },
    { key: 'xtwice1', kind: 'formula', label: '两倍', options: { expression: 'xdays01 * 2', result: 'integer' } },
  ],
  limits: { open: { from: '2026-01-01', until: '2026-12-31' }, caps: [{ by: 'person', per: 'day', most: 5, amount: 'xdays01' }] },
  buttons: [{ name: 'b1', label: '清空', when: 'xdays01 > 0', does: { set: { xdays01: { word: 'empty' } } } }],
  grants: [{ role: 'staffMember', actions: ['read', 'create'], scope: 'own' }],
})
const begin = (w: FuzzWorld): Valid => as(system, 'POST', '/api/designs/type', { content: content(w) })
const begun = (w: FuzzWorld) => w.need<DesignAnswer>(begin(w))
const at = ({ name }: DesignAnswer, more = '') => `/api/designs/type/${name}${more}`
const items = ({ kind, name, revision }: DesignAnswer) => [{ kind, name, revision }]
/** What changes no table counts at once. */
async function relabelled(w: FuzzWorld): Promise<DesignAnswer> {
  const { revision } = await w.need<DesignAnswer>(as(system, 'GET', overlay))
  const label = { field: '', property: 'label', value: `证书${w.next()}`, base: '资质证书' }
  return w.need<DesignAnswer>(as(system, 'PUT', overlay, { revision, content: { fields: [], patches: [label], rules: [], roles: [] } }))
}
const published = async (w: FuzzWorld) =>
  w.need<PublishingItem>(as(system, 'POST', '/api/publishings', { items: items(await relabelled(w)), note: '试行' }))
const twice = async (w: FuzzWorld): Promise<number> => (await published(w), (await published(w)).release!)
const waiting = async (w: FuzzWorld) =>
  w.need<PublishingItem>(as(system, 'POST', '/api/publishings', { items: items(await begun(w)), note: '试行' }))
const file = async (w: FuzzWorld) => (
  await published(w),
  w.need<{ pieces: { name: string }[] }>(as(system, 'POST', '/api/design-files/export', { names: [] }))
)

/** One trial at a time: that of before is over. */
async function trying(w: FuzzWorld): Promise<Valid> {
  const { trial } = await w.need<{ trial: TrialItem | null }>(as(system, 'GET', '/api/trial'))
  if (trial) await w.need(as(system, 'POST', `/api/trial/${trial.id}/end`))
  return as(system, 'POST', '/api/trial', { items: items(await begun(w)), people: [w.person('staffMember')], until: '2026-06-20' })
}

export const designMakers: Makers = {
  'GET /api/designs': () => as(system, 'GET', '/api/designs'),
  'GET /api/design-names': () => as(system, 'GET', '/api/design-names'),
  'POST /api/designs/:kind': begin,
  'GET /api/designs/:kind/:name': async (w) => as(system, 'GET', at(await begun(w))),
  'PUT /api/designs/:kind/:name': async (w) => {
    const design = await begun(w)
    return as(system, 'PUT', at(design), { revision: design.revision, content: content(w) })
  },
  'DELETE /api/designs/:kind/:name/draft': async (w) => {
    const design = await begun(w)
    return as(system, 'DELETE', at(design, `/draft?revision=${design.revision}`))
  },
  'GET /api/designs/:kind/:name/versions': async (w) => (await published(w), as(system, 'GET', `${overlay}/versions`)),
  'POST /api/designs/:kind/:name/roll-back': async (w) => (
    await twice(w),
    as(system, 'POST', `${overlay}/roll-back`, { version: 1, note: '恢复' })
  ),
  'POST /api/designs/:kind/:name/stop': async (w) => (await published(w), as(system, 'POST', `${overlay}/stop`, { note: '停用' })),
  'POST /api/publishings/preview': async (w) => as(system, 'POST', '/api/publishings/preview', { items: items(await begun(w)) }),
  'POST /api/publishings': async (w) => as(system, 'POST', '/api/publishings', { items: items(await relabelled(w)), note: '试行' }),
  'GET /api/publishings': async (w) => (await waiting(w), as(system, 'GET', '/api/publishings')),
  'GET /api/publishings/:id': async (w) => as(system, 'GET', `/api/publishings/${(await waiting(w)).id}`),
  'POST /api/publishings/:id/stop': async (w) => as(system, 'POST', `/api/publishings/${(await waiting(w)).id}/stop`),
  'GET /api/releases': async (w) => (await published(w), as(system, 'GET', '/api/releases')),
  'GET /api/releases/difference': async (w) => {
    const no = await twice(w)
    return as(system, 'GET', `/api/releases/difference?from=${no - 1}&to=${no}`)
  },
  'POST /api/releases/:no/preview': async (w) => as(system, 'POST', `/api/releases/${(await twice(w)) - 1}/preview`, {}),
  'POST /api/releases/:no/roll-back': async (w) => as(system, 'POST', `/api/releases/${(await twice(w)) - 1}/roll-back`, { note: '恢复' }),
  'GET /api/trial': async (w) => (await w.need(await trying(w)), as(system, 'GET', '/api/trial')),
  'POST /api/trial': trying,
  'POST /api/trial/:id/end': async (w) =>
    as(system, 'POST', `/api/trial/${(await w.need<{ trial: TrialItem }>(await trying(w))).trial.id}/end`),
  'POST /api/design-files/export': async (w) => (await published(w), as(system, 'POST', '/api/design-files/export', { names: [] })),
  'POST /api/design-files/preview': async (w) => as(system, 'POST', '/api/design-files/preview', { file: await file(w) }),
  'POST /api/design-files/import': async (w) => {
    const given = await file(w)
    return as(system, 'POST', '/api/design-files/import', { file: given, names: given.pieces.map(({ name }) => name), asNew: [] })
  },
}
