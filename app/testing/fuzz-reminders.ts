// Reminders that the hospital makes: begun, changed, tried, switched, run, taken back and away.
import type { ReminderDetail } from '#model'
import { as, office, type FuzzWorld, type Makers, type Valid } from './fuzz-world.ts'

const begin = (w: FuzzWorld): Valid => as(office, 'POST', '/api/reminders', { resource: 'staff.certificate', label: `提醒${w.next()}` })
const begun = (w: FuzzWorld) => w.need<ReminderDetail>(begin(w))
const at = (name: string, more = '') => `/api/reminders/${name}${more}`
const save = ({ name, version, definition }: ReminderDetail): Valid => as(office, 'PUT', at(name), { version, definition, note: '试行' })
const turnOn = ({ name }: ReminderDetail): Valid => as(office, 'POST', at(name, '/switch'), { isOn: true })

export const reminderMakers: Makers = {
  'GET /api/reminders': () => as(office, 'GET', '/api/reminders'),
  'POST /api/reminders': begin,
  'GET /api/reminders/:name': async (w) => as(office, 'GET', at((await begun(w)).name)),
  'PUT /api/reminders/:name': async (w) => save(await begun(w)),
  'DELETE /api/reminders/:name': async (w) => as(office, 'DELETE', at((await begun(w)).name)),
  'POST /api/reminders/:name/preview': async (w) => {
    const { name, definition } = await begun(w)
    return as(office, 'POST', at(name, '/preview'), { definition })
  },
  'POST /api/reminders/:name/switch': async (w) => turnOn(await begun(w)),
  'POST /api/reminders/:name/back': async (w) => {
    const made = await begun(w)
    const { version } = await w.need<ReminderDetail>(save(made))
    return as(office, 'POST', at(made.name, '/back'), { to: 1, version })
  },
  'POST /api/reminders/:name/run': async (w) => {
    const made = await begun(w)
    await w.need(turnOn(made))
    return as(office, 'POST', at(made.name, '/run'), {})
  },
  'GET /api/reminders/:name/versions': async (w) => as(office, 'GET', at((await begun(w)).name, '/versions')),
  'GET /api/reminders/:name/history': async (w) => as(office, 'GET', at((await begun(w)).name, '/history?before=2026-01-01T00:00:00Z')),
}
