import type { Bundle, CapabilityStatement, FhirResource, OperationOutcome } from 'fhir/r4'
import { all, among, is, isUuid, kindOf, Refusal, today, type ApiRecord, type Filter } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { listAll } from '#kernel/server/records/list-all.ts'
import { listRecords } from '#kernel/server/records/read.ts'
import { service } from '#kernel/server/service.ts'
import { fhirUnitOf, locationOf, organizationOf, practitionerOf, practitionerRoleOf, type Naming } from './fhir.rules.ts'
import { filterOf, fhirTypes, isOtherNumber, searchParams, type FhirType } from './search.rules.ts'

const right = 'organisation.fhir'
const base = '/api/fhir/R4'
const type = 'application/fhir+json; charset=utf-8'
const resources = { Practitioner: 'directory.person', PractitionerRole: 'directory.membership', Organization: 'directory.unit', Location: 'directory.unit' } as const // prettier-ignore
const mostPage = 200

function namingOf(kernel: Kernel, ctx: Context): Naming {
  const unit = (id: string) => ctx.directory.units.get(id)
  return {
    base: 'urn:xinglin',
    nameOf: (id) => unit(id)?.name ?? ctx.directory.nameOf(id),
    kindOf: (id) => (unit(id) ? fhirUnitOf(unit(id)!.kind) : null),
    postOf: (key) => {
      const post = kernel.resource('directory.membership').r.fields['post']
      return post ? kindOf(post).format(key, post, () => '') : key
    },
    today: today(ctx.clock),
  }
}
async function shown(kernel: Kernel, ctx: Context, name: FhirType, rows: readonly ApiRecord[]): Promise<FhirResource[]> {
  const names = namingOf(kernel, ctx)
  if (name === 'Organization') return rows.map((row) => organizationOf(row, names))
  if (name === 'Location') return rows.map((row) => locationOf(row, names))
  if (name === 'PractitionerRole') return rows.map((row) => practitionerRoleOf(row, names))
  const numbers = await numbersOf(kernel, ctx, rows.map(({ id }) => id)) // prettier-ignore
  return rows.map((row) => practitionerOf(row, numbers.get(row.id) ?? [], names))
}
/** Numbers of these people in other systems, for callers who may read them. */
async function numbersOf(kernel: Kernel, ctx: Context, people: string[]): Promise<Map<unknown, ApiRecord[]>> {
  if (people.length === 0 || !kernel.access.can(ctx.actor, 'read', 'directory.identifier')) return new Map()
  const { rows } = await listAll(kernel, ctx, 'directory.identifier', { filter: among('person', people), sort: ['system', 'value'] })
  return Map.groupBy(rows, (row) => row['person'])
} // prettier-ignore

async function search(kernel: Kernel, ctx: Context, name: FhirType, query: Readonly<Record<string, unknown>>): Promise<Bundle> {
  const { identifier, ...rest } = query
  const other = name === 'Practitioner' && typeof identifier === 'string' ? isOtherNumber(identifier) : null
  const filter = all(filterOf(name, other ? rest : query, today(ctx.clock)), ...(other ? [await holdersOf(kernel, ctx, other)] : []))
  const limit = Math.min(Math.max(Number(query['_count'] ?? 50) || 50, 1), mostPage)
  const cursor = typeof query['_page'] === 'string' ? query['_page'] : null
  const { rows, next } = await listRecords(kernel, ctx, resources[name], { filter, limit, cursor, sort: ['updatedAt'] })
  const address = (page: string | null) => `${base}/${name}?${new URLSearchParams([...plain(query), ...(page ? [['_page', page]] : [])]).toString()}` // prettier-ignore
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [{ relation: 'self', url: address(cursor) }, ...(next ? [{ relation: 'next', url: address(next) }] : [])],
    entry: (await shown(kernel, ctx, name, rows)).map((resource) => ({
      fullUrl: `${base}/${name}/${String(resource.id)}`,
      resource,
      search: { mode: 'match' },
    })),
  }
}
const plain = (query: Readonly<Record<string, unknown>>): [string, string][] =>
  Object.entries(query).flatMap(([key, given]) =>
    key === '_page' ? [] : (Array.isArray(given) ? given : [given]).map((value): [string, string] => [key, String(value)]),
  )
async function holdersOf(kernel: Kernel, ctx: Context, { system, value }: { system: string; value: string }): Promise<Filter> {
  const filter = all(is('system', system), is('value', value))
  const { rows } = await listRecords(kernel, ctx, 'directory.identifier', { filter, limit: 50 })
  return among('id', rows.map((row) => String(row['person']))) // prettier-ignore
}

async function read(kernel: Kernel, ctx: Context, name: FhirType, id: string): Promise<FhirResource> {
  const filter = isUuid(id) ? all(filterOf(name, {}, today(ctx.clock)), is('id', id)) : null
  const rows = filter ? (await listRecords(kernel, ctx, resources[name], { filter, limit: 1 })).rows : []
  const [resource] = await shown(kernel, ctx, name, rows)
  if (!resource) throw new Refusal('notFound', `没有 ${name}/${id.slice(0, 60)}`)
  return resource
}

function capabilities(at: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: at,
    kind: 'instance',
    software: { name: '杏林 Xinglin' },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: fhirTypes.map((name) => ({
          type: name,
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          versioning: 'versioned',
          searchParam: Object.keys(searchParams[name]).filter((key) => !key.includes(':')).map((key) => ({ name: key, type: paramType(key) })),
        })),
      },
    ],
  } // prettier-ignore
}
type ParamType = 'string' | 'token' | 'date' | 'reference'
const paramType = (key: string): ParamType => {
  if (key === 'name') return 'string'
  if (key === '_lastUpdated' || key === 'date') return 'date'
  return ['practitioner', 'organization', 'location', 'partof'].includes(key) ? 'reference' : 'token'
}
/** FHIR says what went wrong as an OperationOutcome. */
function outcomeOf({ status, message }: Refusal): OperationOutcome {
  const code = status === 404 ? 'not-found' : status === 403 ? 'forbidden' : 'invalid'
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, details: { text: message } }] }
}

/** Outward: people, posts, organisations and places as FHIR R4, read as whoever asks. */
function fhirRoutes({ app, kernel, contextOf }: Server): void {
  const config = { who: { right }, lane: 'programs' } as const
  const answered = async (work: () => Promise<FhirResource>, reply: { code: (status: number) => unknown; type: (text: string) => { send: (body: string) => unknown } }) => {
    try {
      const resource = await work()
      return reply.type(type).send(JSON.stringify(resource))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      reply.code(error.status)
      return reply.type(type).send(JSON.stringify(outcomeOf(error)))
    }
  } // prettier-ignore
  app.get(`${base}/metadata`, { config }, (_, reply) => answered(() => Promise.resolve(capabilities(kernel.clock.now().toISOString())), reply)) // prettier-ignore
  for (const name of fhirTypes) {
    app.get<{ Querystring: Record<string, unknown> }>(`${base}/${name}`, { config }, async (request, reply) => {
      const ctx = await contextOf(request)
      return answered(() => search(kernel, ctx, name, request.query), reply)
    })
    app.get<{ Params: { id: string } }>(`${base}/${name}/:id`, { config }, async (request, reply) => {
      const ctx = await contextOf(request)
      return answered(() => read(kernel, ctx, name, request.params.id), reply)
    })
  }
}
export default service({ name: right, routes: fhirRoutes })
