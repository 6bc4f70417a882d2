// Ten people a second sign in, each with password and second factor; others read their lists meanwhile, and are hardly to notice.
import { generateSync } from 'otplib'
import { giveAccounts } from './accounts.ts'
import { bench, benchDatabase, claim, line, load, serveOurs, type Served } from './harness.ts'
import { columns, fillEntries, filter } from './list.ts'
import { idOf, password, prepareRegister, registerFolder, signInAs } from './register-data.ts'

const perSecond = 10
interface Newcomer {
  name: string
  secret: string
  boundAt: number
}

export default bench({
  async run(ctx) {
    process.env['XINGLIN_EXTRA_MODULES'] = registerFolder
    const seconds = ctx.quick ? 8 : 20
    await using database = await benchDatabase('signin')
    await prepareRegister(database)
    await fillEntries(database, 300_000)
    // Each code is good once: as many people as sign-ins.
    const people = Array.from({ length: perSecond * seconds + perSecond }, (_, n) => ({ name: `newcomer${n}`, person: idOf('person', n + 1) }))
    await giveAccounts(database, password, people)
    await using ours = await serveOurs(database)
    const newcomers: Newcomer[] = []
    for (const { name } of people) newcomers.push(await bound(ours, name))
    ctx.log(`  ${newcomers.length} people have bound an authenticator`)
    const path = `/api/records/bench.entry?filter=${encodeURIComponent(JSON.stringify(filter))}&sort=-createdAt&limit=50&columns=${columns}`
    const others = { url: ours.url, connections: 8, pause: 100, method: 'GET', headers: await signInAs(ours.url, 'head'), calls: [{ path }], expect: '"rows":[{' } as const // prettier-ignore
    // Until the first code of each is a step old, so that the next is good.
    const youngest = Math.max(...newcomers.map(({ boundAt }) => boundAt))
    await load({ ...others, seconds: Math.max(3, Math.ceil((youngest + 31_000 - Date.now()) / 1000)) })
    const idle = await load({ ...others, seconds })
    ctx.log(`  others, idle           ${line(idle)}`)
    const busyLoad = load({ ...others, seconds })
    const took = await signedInAtPace(ours, newcomers.slice(0, perSecond * seconds))
    const busy = await busyLoad
    took.sort((a, b) => a - b)
    ctx.log(`  others, meanwhile      ${line(busy)}`)
    ctx.log(`  ${took.length} sign-ins, P50 ${took[took.length >> 1]!.toFixed(0)} ms, P95 ${took[Math.floor(took.length * 0.95)]!.toFixed(0)} ms`)
    return [claim(ctx, 'signin.others_ratio', busy.p95 / idle.p95, 'x', '<=2', { floor: idle.p95, ours: busy.p95, relative: true })]
  },
}) // prettier-ignore

const send = async <T>(ours: Served, path: string, body: object, headers: Record<string, string> = {}): Promise<T> => {
  const answer = await fetch(ours.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }) // prettier-ignore
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) })

async function bound(ours: Served, name: string): Promise<Newcomer> {
  const headers = await signInAs(ours.url, name)
  const { secret } = await send<{ secret: string }>(ours, '/api/me/second-factor/start', { password }, headers)
  await send(ours, '/api/me/second-factor/confirm', { code: codeOf(secret) }, headers)
  return { name, secret, boundAt: Date.now() }
}
/** Starts each at its moment, whether or not the one before has got in; answers how long each took, ms. */
async function signedInAtPace(ours: Served, newcomers: readonly Newcomer[]): Promise<number[]> {
  const begun = performance.now()
  const all = newcomers.map(async ({ name, secret }, n) => {
    await new Promise((go) => setTimeout(go, Math.max(0, (n * 1000) / perSecond - (performance.now() - begun))))
    const at = performance.now()
    const { ticket } = await send<{ ticket: string }>(ours, '/api/sign-in', { account: name, password })
    await send(ours, '/api/sign-in/second', { ticket, code: codeOf(secret) })
    return performance.now() - at
  })
  return Promise.all(all)
}
