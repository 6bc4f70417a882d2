import { reminderRight } from '#model'
import {
  createReminder,
  deleteReminder,
  goBack,
  listVersions,
  needReminder,
  runNow,
  saveReminder,
  switchReminder,
} from '../../reminders/change.ts'
import { remindedBy, reminderHistory } from '../../reminders/history.ts'
import { findStanding, listReminders, openReminder } from '../../reminders/list.ts'
import { previewReminder } from '../../reminders/preview.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

type Named = { Params: { name: string } }
const config = { config: { who: { right: reminderRight } } } as const

/** Reminders as the hospital sets them: list, editor, preview, versions, what they told. */
export function reminderRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/reminders', config, async (request) => listReminders(kernel, await contextOf(request)))
  app.post('/api/reminders', config, async (request, reply) => {
    reply.status(201)
    return createReminder(kernel, await contextOf(request), bodyOf(request))
  })
  app.get<Named>('/api/reminders/:name', config, async (request) => openReminder(kernel, await contextOf(request), request.params.name))
  app.put<Named>('/api/reminders/:name', config, async (request) => saveReminder(kernel, await contextOf(request), request.params.name, bodyOf(request)))
  app.delete<Named>('/api/reminders/:name', config, async (request) => {
    await deleteReminder(kernel, await contextOf(request), request.params.name)
    return { done: true }
  })
  app.post<Named>('/api/reminders/:name/preview', config, async (request) => {
    const ctx = await contextOf(request)
    const standing = await findStanding(kernel, ctx, request.params.name)
    return previewReminder(kernel, ctx, standing, await needReminder(kernel, ctx, standing, bodyOf(request)['definition']))
  })
  app.post<Named>('/api/reminders/:name/switch', config, async (request) => switchReminder(kernel, await contextOf(request), request.params.name, bodyOf(request)['isOn']))
  app.post<Named>('/api/reminders/:name/back', config, async (request) => {
    const { to, version } = bodyOf(request)
    return goBack(kernel, await contextOf(request), request.params.name, to, version)
  })
  app.post<Named>('/api/reminders/:name/run', config, async (request) => {
    await runNow(kernel, await contextOf(request), request.params.name)
    return { done: true }
  })
  app.get<Named>('/api/reminders/:name/versions', config, async (request) => listVersions(kernel, await contextOf(request), request.params.name))
  app.get<Named & { Querystring: { before?: string } }>('/api/reminders/:name/history', config, async (request) => reminderHistory(kernel, await contextOf(request), request.params.name, request.query.before))
  app.get<{ Params: { resource: string; id: string } }>('/api/records/:resource/:id/reminded', { config: { who: 'signedIn' } }, async (request) =>
    remindedBy(kernel, await contextOf(request), request.params.resource, needId(request.params.id)),
  )
} // prettier-ignore
