// One's own account: signing in on every way, what proves who one is, and what one is told of oneself.
import { generateSync } from 'otplib'
import { v7 as uuidv7 } from 'uuid'
import { answerResets } from '#kernel/server/access/reset-by-code.ts'
import { as, type FuzzWorld, type Makers, type Newcomer } from './fuzz-world.ts'

const stepSeconds = 30
const codeOf = (w: FuzzWorld, secret: string, step = 0): string =>
  generateSync({ secret, epoch: Math.floor(w.h.clock.now().getTime() / 1000) + step * stepSeconds })
const started = async (w: FuzzWorld) => {
  const one = await w.newcomer()
  const { secret } = await w.need<{ secret: string }>(as(one.by, 'POST', '/api/me/second-factor/start', { password: w.password }))
  return { ...one, secret }
}
/** Somebody whose second factor is bound. */
export async function withSecondFactor(w: FuzzWorld): Promise<Newcomer & { secret: string; codes: string[] }> {
  const one = await started(w)
  const { codes } = await w.need<{ codes: string[] }>(as(one.by, 'POST', '/api/me/second-factor/confirm', { code: codeOf(w, one.secret) }))
  return { ...one, codes }
}
const captcha = async (w: FuzzWorld) => {
  const { id } = JSON.parse((await w.stranger('POST', '/api/sign-in/captcha', {})).text) as { id: string }
  const [row] = await w.query<{ answer: string }>('SELECT answer FROM kernel.captcha WHERE id = $1', [id])
  return { id, answer: row!.answer }
}
const askForCode = async (w: FuzzWorld) => {
  const one = await w.newcomer()
  return { one, body: { account: one.person, mobile: one.mobile, captcha: await captcha(w) } }
}
/** Somebody who has asked for a code, and the code that was sent to him. */
async function codeSent(w: FuzzWorld): Promise<{ reset: string; code: string }> {
  const { one, body } = await askForCode(w)
  const { reset } = JSON.parse((await w.stranger('POST', '/api/reset', body)).text) as { reset: string }
  while (await answerResets(w.h.kernel));
  await w.sendMessages()
  return { reset, code: w.sms.codeTo(one.mobile)! }
}
/** Has been to the other system and back: the cookie that says so. */
async function backFromOutside(w: FuzzWorld): Promise<string> {
  w.cas.user = `cas-${w.next()}`
  const away = await w.stranger('GET', '/api/sign-in/outside/cas?to=/')
  const there = await fetch(away.location, { redirect: 'manual' })
  const back = new URL(there.headers.get('location')!)
  const returned = await w.stranger('GET', `${back.pathname}${back.search}`, undefined, { cookie: away.cookie })
  return returned.cookie || away.cookie
}
const askedToBind = async (w: FuzzWorld) => {
  const cookie = await backFromOutside(w)
  await w.stranger('POST', '/api/sign-in/outside', undefined, { cookie })
  return cookie
}
/** Somebody who has asked that an account elsewhere be his. */
export async function binding(w: FuzzWorld): Promise<Newcomer & { binding: string }> {
  const [one, cookie] = [await w.newcomer(), await askedToBind(w)]
  await w.stranger(
    'POST',
    '/api/sign-in/outside/bind',
    { account: one.person, password: w.password, captcha: await captcha(w) },
    { cookie },
  )
  const [row] = await w.query<{ id: string }>(`SELECT id FROM security.binding WHERE person = $1::uuid AND status = 'waiting'`, [
    one.person,
  ])
  return { ...one, binding: row?.id ?? '' }
}
/** The notice in force, passed by who leads the hospital. */
const policy = (w: FuzzWorld) =>
  w.once('privacy policy', async () => {
    const consent = { what: '手机号', ground: 'consent', keeps: '6 个月', recipients: '短信服务商', isSensitive: false, refusal: '不再发短信' }
    const draft = { edition: `1.${w.next()}`, from: '2026-06-15', body: '正文', purposes: [{ code: 'smsCode', name: '短信找回密码', ...consent }] }
    const made = await w.need<{ record: { id: string } }>(as('securityOfficer', 'POST', '/api/records/personal.policy', draft, { 'x-act-id': uuidv7() }))
    const { rows } = await w.need<{ rows: { instance: string }[] }>(as('hospitalLeader', 'GET', '/api/tasks'))
    for (const { instance } of rows) await w.need(await w.decision('hospitalLeader', instance, 'approve', { opinion: '同意发布' }))
    return made.record.id
  }) // prettier-ignore
const noticeRead = async (w: FuzzWorld) => {
  await policy(w)
  const one = await w.newcomer()
  const { policy: read } = await w.need<{ policy: { id: string } }>(as(one.by, 'GET', '/api/me/privacy'))
  return { one, body: { policy: read.id, answers: { smsCode: true } } }
}

export const accountMakers: Makers = {
  'GET /api/sign-in': () => as('stranger', 'GET', '/api/sign-in'),
  'GET /api/password-key': () => as('stranger', 'GET', '/api/password-key'),
  'POST /api/sign-in/captcha': () => as('stranger', 'POST', '/api/sign-in/captcha', {}),
  'POST /api/sign-in': (w) => as('stranger', 'POST', '/api/sign-in', { account: w.tried, password: w.password }),
  'POST /api/sign-in/second': async (w) => {
    const one = await w.once('second factor', () => withSecondFactor(w))
    if (one.codes.length === 0) Object.assign(one, await withSecondFactor(w))
    const { text } = await w.stranger('POST', '/api/sign-in', { account: one.person, password: w.password })
    return as('stranger', 'POST', '/api/sign-in/second', {
      ticket: (JSON.parse(text) as { ticket: string }).ticket,
      code: one.codes.pop()!,
    })
  },
  'POST /api/sign-in/outside': async (w) => as('stranger', 'POST', '/api/sign-in/outside', {}, { cookie: await backFromOutside(w) }),
  'POST /api/sign-in/outside/bind': async (w) => {
    const [one, cookie] = [await w.newcomer(), await askedToBind(w)]
    return as(
      'stranger',
      'POST',
      '/api/sign-in/outside/bind',
      { account: one.person, password: w.password, captcha: await captcha(w) },
      { cookie },
    )
  },
  'POST /api/reset': async (w) => as('stranger', 'POST', '/api/reset', (await askForCode(w)).body),
  'POST /api/reset/code': async (w) => as('stranger', 'POST', '/api/reset/code', await codeSent(w)),
  'POST /api/reset/password': async (w) => {
    const { reset, code } = await codeSent(w)
    const { text } = await w.stranger('POST', '/api/reset/code', { reset, code })
    const proved = JSON.parse(text) as { reset?: string }
    return as('stranger', 'POST', '/api/reset/password', { reset: proved.reset ?? reset, next: `Gu-shan#${w.next()}x` })
  },
  'POST /api/password': async (w) =>
    as((await w.newcomer()).by, 'POST', '/api/password', { current: w.password, next: `Gu-shan#${w.next()}x` }),
  'POST /api/sign-out': async (w) => as((await w.newcomer()).by, 'POST', '/api/sign-out', {}),
  'POST /api/me/second-factor/start': async (w) =>
    as((await w.newcomer()).by, 'POST', '/api/me/second-factor/start', { password: w.password }),
  'POST /api/me/second-factor/confirm': async (w) => {
    const { by, secret } = await started(w)
    return as(by, 'POST', '/api/me/second-factor/confirm', { code: codeOf(w, secret) })
  },
  'POST /api/me/second-factor/codes': async (w) => {
    const { by, codes } = await withSecondFactor(w)
    return as(by, 'POST', '/api/me/second-factor/codes', { password: w.password, code: codes[0] })
  },
  'POST /api/me/second-factor/remove': async (w) => {
    const { by, codes } = await withSecondFactor(w)
    return as(by, 'POST', '/api/me/second-factor/remove', { password: w.password, code: codes[0] })
  },
  'POST /api/me/sessions/:id/end': async (w) => {
    const one = await w.newcomer()
    await w.signIn(one.person)
    const { sessions } = await w.need<{ sessions: { id: string; isThis: boolean }[] }>(as(one.by, 'GET', '/api/me/sign-in'))
    return as(one.by, 'POST', `/api/me/sessions/${sessions.find(({ isThis }) => !isThis)!.id}/end`, {})
  },
  'POST /api/me/sessions/end-others': () => as('hospitalLeader', 'POST', '/api/me/sessions/end-others', {}),
  'POST /api/me/bindings/:id/end': async (w) => {
    const bound = await binding(w)
    await w.need(as('systemOfficer', 'POST', `/api/bindings/${bound.binding}/judge`, { verdict: 'approve' }))
    return as(bound.by, 'POST', `/api/me/bindings/${bound.binding}/end`, {})
  },
  'POST /api/me/privacy': async (w) => {
    const { one, body } = await noticeRead(w)
    return as(one.by, 'POST', '/api/me/privacy', body)
  },
  'POST /api/me/privacy/:code': async (w) => {
    const { one, body } = await noticeRead(w)
    await w.need(as(one.by, 'POST', '/api/me/privacy', body))
    return as(one.by, 'POST', '/api/me/privacy/smsCode', { given: false })
  },
  'POST /api/me/personal/requests': async (w) =>
    as((await w.newcomer()).by, 'POST', '/api/me/personal/requests', { kind: 'delete', what: '删除我的紧急联系人' }),
}
