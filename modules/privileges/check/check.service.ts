import type { Claim } from '#kernel/server/access/clients/claims.ts'
import { nameOfActor, personOf, type Context } from '#kernel/server/context.ts'
import type { Server } from '#kernel/server/http/server.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { service } from '#kernel/server/service.ts'
import { answerQuestion, identify, type KnownThen, type QuestionAnswer } from './answer.ts'
import { checkCodes } from './codes.rules.ts'
import { recordId } from './ids.ts'
import { keeperOf } from './keeper.ts'
import { factsAsKnown } from './known-then.ts'
import { hospitalDay, readQuestions, type Question, type Who } from './question.ts'
import { recorderOf, type Evaluated, type RecordRow } from './recorder.ts'
import { whyRoute } from './why.ts'

/** May he? Answered out of memory, recorded durably before the answer leaves. */
export default service({
  name: 'privileges.check',
  routes(server) {
    checkRoute(server)
    whyRoute(server)
  },
  start(kernel) {
    const keeper = keeperOf(kernel)
    // The first question need not wait for the filling.
    void keeper.refresh().catch(() => undefined)
    return Promise.resolve(keeper.watch())
  },
})

function checkRoute({ app, kernel, contextOf }: Server): void {
  const config = { who: { right: 'privileges.check' }, lane: 'programs' } as const
  app.post('/api/privileges/check', { config: { ...config, claims: 'withAnswer' } }, async (request) => {
    const began = performance.now()
    const ctx = await contextOf(request)
    const { questions, isList } = readQuestions(request.body, ctx.clock.now())
    const answers = await ask(kernel, ctx, questions, { began, claim: request.claim })
    return isList ? { answers } : answers[0]!
  })
  app.get('/api/privileges/check/codes', { config }, () => ({
    codes: Object.entries(checkCodes).map(([code, spec]) => ({ code, ...spec })),
  }))
}

/** Answers questions for the actor of this context; each answer's record, and with it the claim of a signed request, is on disk when this answers. */
export async function ask(
  kernel: Kernel,
  ctx: Context,
  questions: readonly Question[],
  { began = performance.now(), claim = null }: { began?: number; claim?: Claim | null } = {},
): Promise<QuestionAnswer[]> {
  const keeper = keeperOf(kernel)
  if (!questions.some((q) => q.knownAt)) {
    const waiting = keeper.ready()
    if (waiting) await waiting
    return recorderOf(kernel).answer(() => evaluate(kernel, ctx, questions, nothingThen, began), claim)
  }
  // Who is asked about as known then must be known now: the memory may be a moment behind.
  await keeper.refresh()
  const then = await Promise.all(questions.map((q) => knownThen(kernel, ctx, q)))
  return recorderOf(kernel).answer(() => evaluate(kernel, ctx, questions, then, began), claim)
}
const nothingThen: readonly KnownThen[] = []
async function knownThen(kernel: Kernel, ctx: Context, q: Question): Promise<KnownThen | null> {
  if (!q.knownAt) return null
  const { memory } = keeperOf(kernel)
  const found = identify(memory, q.who, q.day)
  if (!('person' in found)) return null
  const procedures = q.procedures.flatMap((p) => memory.targetsOf(p.codeSystem, p.code, p.version).map((t) => t.procedure))
  return factsAsKnown(kernel, ctx, memory, found.person, [...new Set(procedures)], q.knownAt)
}

function evaluate(
  kernel: Kernel,
  ctx: Context,
  questions: readonly Question[],
  then: readonly (KnownThen | null)[],
  began: number,
): Evaluated<QuestionAnswer[]> {
  const { memory } = keeperOf(kernel)
  const now = ctx.clock.now()
  const [at, today, asker, by] = [now.toISOString(), hospitalDay(now), nameOfActor(ctx.actor).slice(0, 80), personOf(ctx.actor)]
  const answered = questions.map((q, i) => answerQuestion(memory, q, today, q.procedures.map(() => recordId()), then[i])) // prettier-ignore
  const latency_micros = Math.round((performance.now() - began) * 1000)
  const rows: RecordRow[] = []
  for (const [i, { answer, unit }] of answered.entries()) {
    const q = questions[i]!
    const asked_at = q.askedAt === now ? at : q.askedAt.toISOString()
    for (const a of answer.answers)
      rows.push({
        id: a.record, created_at: at, created_by: by, asker, asked_at, act_at: answer.at, practitioner: answer.practitioner?.id ?? null, unit,
        identifier: identifierText(q.who), code_system: a.asked.codeSystem, code: a.asked.code, procedure: a.procedures[0]?.id ?? null, role: q.role,
        urgency: q.urgency, case_id: q.caseId, replay_of: q.replayOf, result: a.result, would: a.would, mode: a.mode, sentence: a.sentence,
        reasons: a.reasons.length ? a.reasons.map((r) => r.code).join(' ') : null, explanation: q.explanation, latency_micros,
      }) // prettier-ignore
  }
  return { answer: answered.map((one) => one.answer), rows }
}
const identifierText = (who: Who): string =>
  'id' in who ? who.id : 'staffNumber' in who ? `工号 ${who.staffNumber}` : `${who.system} ${who.value}`
