import { Refusal, type LibraryAnswer, type LibraryFile, type LibraryHead, type LibraryPlace } from '#model'
import { mostInLibrary } from '#kernel/model/library/index.ts'
import type { Context } from '../../context.ts'
import { previewFile } from '../../designs/files.ts'
import type { Kernel } from '../../kernel.ts'
import { countPending, decideForm, listForms, readForm, takeForm, type LibraryQuestion } from '../../library/forms.ts'
import { fileToOffer, offerForm, previewOffer, readWords } from '../../library/offering.ts'
import { connect, connection, disconnect, listOther, readOther, sendOffer } from '../../library/other.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

interface Placed {
  Params: { place: string; id: string }
}
interface One {
  Params: { id: string }
}
type Asked = { Querystring: LibraryQuestion & { place?: string } }
const wordsOf = (given: unknown): string => (typeof given === 'string' ? given.trim().slice(0, 300) : '')
function placeOf(given: unknown): LibraryPlace {
  if (given !== 'own' && given !== 'other') throw new Refusal('notFound', '没有这个表单库')
  return given
}

/** 表单库: for those who build here, and for the programs of other hospitals. */
export function libraryRoutes(server: Server): void {
  placeRoutes(server)
  keepRoutes(server)
  programRoutes(server)
}
const builder = { config: { who: { right: 'designs.administer' } } } as const

function placeRoutes({ app, kernel, contextOf }: Server): void {
  app.get('/api/library/head', builder, async (request): Promise<LibraryHead> => {
    const ctx = await contextOf(request)
    return { connection: await connection(ctx), pending: await countPending(ctx) }
  })
  app.get<Asked>('/api/library', builder, async (request) => {
    const ctx = await contextOf(request)
    const { place, ...question } = request.query
    return placeOf(place) === 'own' ? listForms(ctx, question, false) : listOther(kernel, ctx, question)
  })
  app.get<Placed>('/api/library/:place/:id', builder, async (request): Promise<LibraryAnswer> => {
    const ctx = await contextOf(request)
    const { item, file } = await lookAt(kernel, ctx, placeOf(request.params.place), needId(request.params.id))
    return { item, lines: await previewFile(kernel, ctx, file) }
  })
  app.post<Placed>('/api/library/:place/:id/take', builder, async (request) => {
    const [ctx, id] = [await contextOf(request), needId(request.params.id)]
    const { file } = placeOf(request.params.place) === 'own' ? await takeForm(kernel, ctx, id) : await readOther(kernel, ctx, id, 'take')
    return { file }
  })
  app.post('/api/library/offers/preview', builder, async (request) => {
    const { name } = bodyOf(request)
    if (typeof name !== 'string') throw new Refusal('badRequest', '缺少 name')
    return previewOffer(kernel, await contextOf(request), name)
  })
  app.post('/api/library/offers', builder, async (request, reply) => {
    const ctx = await contextOf(request)
    const body = bodyOf(request)
    const { names, place } = body
    const to = placeOf(place)
    const given = Array.isArray(names) ? names.filter((one): one is string => typeof one === 'string').slice(0, 500) : []
    const file = await fileToOffer(kernel, ctx, [...new Set(given)])
    const words = readWords(body)
    reply.status(201)
    return to === 'own' ? offerForm(kernel, ctx, words, file) : sendOffer(kernel, ctx, words, file)
  })
}
const lookAt = (kernel: Kernel, ctx: Context, place: LibraryPlace, id: string): Promise<LibraryFile> =>
  place === 'own' ? readForm(ctx, id, false) : readOther(kernel, ctx, id, 'look')

function keepRoutes({ app, kernel, contextOf }: Server): void {
  for (const [verb, to] of [
    ['accept', 'shared'],
    ['refuse', 'refused'],
    ['withdraw', 'withdrawn'],
  ] as const)
    // prettier-ignore
    app.post<One>(`/api/library/forms/:id/${verb}`, builder, async (request) =>
      decideForm(kernel, await contextOf(request), needId(request.params.id), to, wordsOf(bodyOf(request)['words'])),
    )
  app.put('/api/library/connection', builder, async (request) => {
    const { url, key, secret } = bodyOf(request)
    return connect(kernel, await contextOf(request), { url, key, secret })
  })
  app.delete('/api/library/connection', builder, async (request) => {
    await disconnect(kernel, await contextOf(request))
    return { done: true }
  })
}

function programRoutes({ app, kernel, contextOf }: Server): void {
  const reader = { config: { who: { right: 'library.read' }, lane: 'programs' } } as const
  app.get<Asked>('/api/library-api/forms', reader, async (request) => listForms(await contextOf(request), request.query, true))
  app.get<One>('/api/library-api/forms/:id', reader, async (request) => readForm(await contextOf(request), needId(request.params.id), true))
  app.post<One>('/api/library-api/forms/:id/take', reader, async (request) =>
    takeForm(kernel, await contextOf(request), needId(request.params.id)),
  )
  const offerer = { config: { who: { right: 'library.offer' }, lane: 'programs' }, bodyLimit: 2 * mostInLibrary.bytes } as const
  app.post('/api/library-api/offers', offerer, async (request, reply) => {
    const body = bodyOf(request)
    reply.status(201)
    return offerForm(kernel, await contextOf(request), readWords(body), body['file'])
  })
}
