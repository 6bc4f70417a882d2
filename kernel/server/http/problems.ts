import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, refusals, type Problem, type RefusalCode } from '#model'
import { auditAlone, RefusalMeter } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'
import { stopReceiving } from './stop-receiving.ts'

/** Every refusal and fault leaves as problem+json; refusals of people are audited in a transaction of their own. */
export function refusalsAsProblems(kernel: Kernel, app: FastifyInstance): void {
  const meter = new RefusalMeter()
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = asRefusal(error)
    request.refusal = refusal.code
    if (refusal.code === 'tooLarge') stopReceiving(request, reply)
    if (refusal.code === 'fault') request.log.error(error)
    await noteRefusal(kernel, meter, request, refusal).catch(() => undefined)
    return sendProblem(reply, refusal, request.id)
  })
}
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const { statusCode, code, validation } = error as {
    statusCode?: number
    code?: string
    validation?: { instancePath: string; message?: string }[]
  }
  // NUL, or half of a character, in a text or in JSON: no database holds it, and no form sends it.
  if (code === '22021' || code === '22P05') return new Refusal('badRequest', '含有无法保存的字符')
  if (code === 'FST_REQ_FILE_TOO_LARGE' || statusCode === 413) return new Refusal('tooLarge')
  if (validation)
    return new Refusal('badRequest', undefined, {
      problems: validation.map((v) => ({ field: v.instancePath.slice(1).replaceAll('/', '.'), message: v.message ?? '' })),
    })
  if (statusCode === 415) return new Refusal('unsupportedFile', '不接受这种格式的内容')
  if (statusCode && statusCode >= 400 && statusCode < 500) return new Refusal('badRequest')
  return new Refusal('fault')
}
/** Answers a refusal as problem+json. */
export function sendProblem(reply: FastifyReply, refusal: Refusal, requestId: string): FastifyReply {
  const problem: Problem = {
    type: `/problems/${refusal.code}`,
    title: refusal.message,
    status: refusal.status,
    code: refusal.code,
    requestId,
    ...refusal.detail,
  }
  const retryAfter = refusal.detail['retryAfter'] as number | undefined
  if (retryAfter !== undefined || refusal.status === 503 || refusal.code === 'tooManyRequests')
    reply.header('retry-after', String(retryAfter ?? 2))
  return reply.status(refusals[refusal.code][0]).type('application/problem+json').send(JSON.stringify(problem))
}

const audited = new Set<RefusalCode>([
  'noRight', 'notFound', 'csrf', 'alreadySent', 'badKey', 'notSignedIn', 'signatureRequired', 'badSignature', 'clockSkew', 'replayed', 'outsideNetwork', 'clientDisabled', 'tooManyRequests',
]) // prettier-ignore
async function noteRefusal(kernel: Kernel, meter: RefusalMeter, request: FastifyRequest, { code }: Refusal): Promise<void> {
  if (!audited.has(code)) return
  const now = kernel.clock.now()
  const act = `${request.method} ${request.routeOptions.url ?? ''}`
  const isStranger = !request.session && !request.client
  if (isStranger && code === 'tooManyRequests') return
  // Counted together are those of a stranger by his address, of a program by its name and route; each by its reason.
  const counted = (act: string, name: string | null) =>
    meter.note(JSON.stringify([act, name, request.ip, code]), now.getTime(), (count) =>
      auditAlone(kernel.db, now, { actor: null, name, address: request.ip }, { act, outcome: 'refused', detail: { code, count } }),
    )
  if (isStranger) return counted('request', null)
  if (request.client) return counted(act, request.client.name)
  const params = request.params as { resource?: string; id?: string } | undefined
  const id = params?.id && /^[0-9a-f-]{36}$/.test(params.id) ? params.id : null
  await auditAlone(
    kernel.db,
    now,
    { actor: request.session?.person ?? null, name: request.session?.accountName ?? null, address: request.ip },
    { act, outcome: 'refused', resource: params?.resource ?? null, record: id, detail: { code } },
  )
}
