import type { FastifyReply } from 'fastify'
import { isUuid, Refusal } from '#model'
import { assignmentChanges } from '../../access/rights/assignments.ts'
import { fieldsToAsk, peopleOfField, rightsOfField } from '../../access/rights/field.ts'
import { matrixOf } from '../../access/rights/matrix.ts'
import { rightsReport } from '../../access/rights/report.ts'
import { rightsOfPerson } from '../../access/rights/person.ts'
import { currentSettings, fillAll } from '../../settings.ts'
import { differenceBetween, rightsVersions } from '../../access/rights/versions.ts'
import { tableTypes } from '../../exchange/table-writer.ts'
import { namedFile } from '../headers.ts'
import type { Server } from '../server.ts'
import { needId } from './records.ts'

type Asked = Partial<Record<'resource' | 'field' | 'sight' | 'q' | 'after', string>>
/** 权限一览: who may do what, and why. To look at only: rights are declared, roles are assigned as records. */
export function rightsRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'security.rights' } } } as const
  /** Labels of roles and record types name the office by a placeholder. */
  const say = async (reply: FastifyReply, answer: object) => {
    return reply.type('application/json').send(fillAll(answer, await currentSettings(kernel, kernel.db)))
  }
  app.get('/api/rights', config, async (_request, reply) => say(reply, await matrixOf(kernel)))
  app.get('/api/rights/file', config, async (request, reply) => {
    const { stream, fileName } = await rightsReport(kernel, await contextOf(request))
    return reply.type(tableTypes.xlsx).header('content-disposition', namedFile(fileName)).send(stream)
  })
  app.get<{ Params: { id: string } }>('/api/rights/people/:id', config, async (request, reply) =>
    say(reply, await rightsOfPerson(kernel, await contextOf(request), needId(request.params.id))),
  )
  app.get('/api/rights/fields', config, (_request, reply) => say(reply, fieldsToAsk(kernel)))
  app.get<{ Querystring: Asked }>('/api/rights/field', config, async (request, reply) => {
    const { resource = '', field = '' } = request.query
    return say(reply, await rightsOfField(kernel, await contextOf(request), resource, field))
  })
  app.get<{ Querystring: Asked }>('/api/rights/field/people', config, async (request, reply) => {
    const { resource = '', field = '', sight = '', q = '', after = '0' } = request.query
    const from = /^\d{1,6}$/.test(after) ? Number(after) : 0
    return say(reply, await peopleOfField(kernel, await contextOf(request), resource, field, { sight, q: q.slice(0, 60), after: from }))
  })
  app.get('/api/rights/versions', config, async (_request, reply) => say(reply, { versions: await rightsVersions(kernel.db) }))
  app.get<{ Querystring: { from?: string; to?: string } }>('/api/rights/difference', config, async (request, reply) => {
    const [from, to] = [request.query.from, request.query.to].map((text) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null))
    if (from == null || to == null) throw new Refusal('badRequest', '请选择两个版本')
    return say(reply, { changes: await differenceBetween(kernel.db, from, to) })
  })
  app.get<{ Querystring: { person?: string; before?: string } }>('/api/rights/assignments', config, async (request, reply) => {
    const { person = null, before = null } = request.query
    if ((person && !isUuid(person)) || (before && !/^\d{1,15}$/.test(before))) throw new Refusal('badRequest')
    return say(reply, await assignmentChanges(kernel, await contextOf(request), { person: person || null, before: before || null }))
  })
}
