import { hash, verify } from '@node-rs/argon2'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { pinyin } from 'pinyin-pro'
import { addDays, brokenRules, dayOf, passwordRules, type Policy } from '#model'
import type { Queryable } from '../database/database.ts'

/** argon2id: 50–100 ms a hash on a server core. */
const cost = { memoryCost: 65_536, timeCost: 2, parallelism: 1 } as const
const costMark = `m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}`

/** One hash at a time in a process: whoever signs in waits, so that all others do not. */
let last: Promise<unknown> = Promise.resolve()
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work, work)
  last = turn.catch(() => undefined)
  return turn
}
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, cost))
// Verified when there is no such account, so that the answer takes as long.
let nobody: Promise<string> | undefined
/** Is this the password? Without a stored one the answer is no, after as long. */
export async function isPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const against = stored ?? (await (nobody ??= hashPassword(randomBytes(16).toString('hex'))))
  const right = await inTurn(() => verify(against, password)).catch(() => false)
  return right && stored !== null && stored !== undefined
}
/** Was it hashed at another cost than today's? */
export const isOutdated = (stored: string): boolean => !stored.includes(costMark)

const letters = 'abcdefghjkmnpqrstuvwxyz'
const pick = (from: string): string => from[randomInt(from.length)]!
/** A password to be given once and changed at once: easily read out, never weak. */
export const oneTimePassword = (): string =>
  [4, 4, 4].map((n) => Array.from({ length: n }, () => pick(`${letters}23456789`)).join('')).join('-') + pick('23456789') + pick(letters)

/** What a password must not be built from, beside what everybody uses. */
export interface Belonging {
  account: string
  staffNumber: string | null
  person: string | null
  hospital: string
}
const longestJudged = 72
// Fewer guesses than this and a list of the usual ones finds it.
const weakBelow = 3
/** What people of Chinese hospitals take where the usual lists end; in any case, with the usual substitutions. */
const ownWords = '1qaz@wsx 1qaz2wsx 2wsx#edc 3edc$rfv 1qaz!qaz qaz@wsx woaini woaini1314 wodemima mima zhongguo beijing shanghai yiyuan yisheng hushi yiwuchu yiwuke renmin renminyiyuan zhongyiyuan keshi guanli guanliyuan ceshi huanying xitong his his123 emr yisheng123 hushi123'.split(' ') // prettier-ignore
let judge: Promise<ZxcvbnFactory> | undefined
const loadJudge = async (): Promise<ZxcvbnFactory> => {
  const { dictionary, adjacencyGraphs } = await import('@zxcvbn-ts/language-common')
  return new ZxcvbnFactory({ dictionary: { ...dictionary, ownWords }, graphs: adjacencyGraphs })
}
/** Rules and dictionary under which a password was last found good: judged again when one of them changes. */
export const judgedAs = (policy: Pick<Policy, 'passwordLength'>): string => `1:${policy.passwordLength}`

/** What keeps a password from being accepted, in Chinese; null when it is good. Common ones, keyboard runs, dates, and words of the person and the hospital are weak. */
export async function passwordProblem(policy: Pick<Policy, 'passwordLength'>, password: string, of: Belonging): Promise<string | null> {
  const broken = brokenRules(passwordRules(policy, [of.account, of.staffNumber]), password)
  if (broken) return broken
  judge ??= loadJudge()
  const spelt = [of.person, of.hospital]
    .filter((name) => name !== null)
    .map((name) => pinyin(name, { toneType: 'none', type: 'array' }).join(''))
  const words = [of.account, of.staffNumber, ...spelt].filter((word): word is string => (word?.length ?? 0) >= 3)
  const { score } = (await judge).check(password.slice(0, longestJudged), words)
  return score < weakBelow ? '密码太常见，容易被猜到，请换一个（不要用常见单词、键盘顺序、日期、姓名或医院名）' : null
}

/** Is it one of the account's last `count` passwords, or the present one? */
export async function wasUsed(db: Queryable, account: string, password: string, count: number): Promise<boolean> {
  const rows = await db.query<{ password: string }>(
    `(SELECT password FROM kernel.credential WHERE account = $1 AND password IS NOT NULL)
     UNION ALL (SELECT password FROM kernel.past_password WHERE account = $1 ORDER BY at DESC LIMIT $2)`,
    [account, count],
  )
  for (const row of rows) if (await isPassword(row.password, password)) return true
  return false
}
/** Puts the new hash in the place of the present one, which joins the past ones; those beyond `keep` go. */
export async function storePassword(db: Queryable, account: string, given: { hash: string; judged: string | null; at: Date; keep: number }): Promise<void> {
  const at = given.at.toISOString()
  await db.query(`INSERT INTO kernel.past_password SELECT account, password, $2 FROM kernel.credential WHERE account = $1 AND password IS NOT NULL ON CONFLICT DO NOTHING`, [account, at])
  await db.query(`DELETE FROM kernel.past_password WHERE account = $1 AND at < (SELECT min(at) FROM (SELECT at FROM kernel.past_password WHERE account = $1 ORDER BY at DESC LIMIT $2) kept)`, [account, given.keep])
  await db.query(
    `INSERT INTO kernel.credential (account, password, judged) VALUES ($1, $2, $3) ON CONFLICT (account) DO UPDATE SET password = excluded.password, judged = excluded.judged`,
    [account, given.hash, given.judged],
  )
} // prettier-ignore

/** The day after which a password may no longer be used; null when none was ever set. */
export const passwordEnds = (passwordAt: string | null, policy: Pick<Policy, 'passwordDays'>): string | null =>
  passwordAt === null ? null : addDays(dayOf(new Date(passwordAt)), policy.passwordDays)

/** Tokens lie in the database as their digests only. */
export const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
export const newToken = (): string => randomBytes(32).toString('base64url')
