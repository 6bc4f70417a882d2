import { Refusal, type ApiRecord } from '#model'
import type { WecomAnswer, WecomApi, WecomMember } from '#kernel/server/access/outside/wecom-api.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import type { FetchedLines } from './fetch.ts'
import { mostLines } from './match.ts'

export const lacksWecom = '服务器上没有配置企业微信（XINGLIN_WECOM_CORP 等）'
/** Departments asked at once; WeCom counts calls by the minute. */
const atOnce = 4
const longest = 16 * 1024 * 1024
/** `status` of a member who has left. */
const hasLeft = 5

/** The answer, or in words why there is none. */
async function ask(api: WecomApi, path: string, query: Readonly<Record<string, string>> = {}): Promise<WecomAnswer> {
  const answer = await api.call(path, query, undefined, longest).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    // An answer without a token has a cause; silence has none.
    throw new Refusal('otherFailed', error.detail['cause'] === undefined ? '连不上企业微信' : '企业微信不接受配置的密钥')
  })
  if (answer.errcode) throw new Refusal('otherFailed', `企业微信没有给出通讯录（${answer.errcode}${answer.errcode === 60011 ? '，应用的可见范围不包括该部门' : answer.errcode === 60020 ? '，本机地址不在应用的可信 IP 中' : ''}）`)
  return answer
} // prettier-ignore

/**
 * The company's departments as units and its members as people: a department's id is its code, the account (userid) a person's number.
 * Of people beyond the application's visible range WeCom says nothing. https://developer.work.weixin.qq.com/document/path/90208, …/90201
 */
export async function readWecom(kernel: Kernel, source: ApiRecord): Promise<FetchedLines> {
  const api = kernel.elsewhere.wecom
  if (!api) throw new Refusal('otherFailed', lacksWecom)
  const { department: departments = [] } = await ask(api, '/cgi-bin/department/list')
  const members = new Map<string, WecomMember>()
  for (let i = 0; i < departments.length; i += atOnce) {
    const some = departments.slice(i, i + atOnce).map(({ id }) => ask(api, '/cgi-bin/user/list', { department_id: String(id) }))
    for (const { userlist = [] } of await Promise.all(some)) for (const one of userlist) members.set(one.userid, one)
  }
  const people = [...members.values()].filter(({ status }) => status !== hasLeft).map(lineOf)
  if (people.length === 0) throw new Refusal('otherFailed', '企业微信里没有一个成员：请核对应用的可见范围')
  if (people.length > mostLines) throw new Refusal('otherFailed', `企业微信的成员超过 ${mostLines} 人`)
  const tells = (source['tells'] ?? []) as string[]
  const units = departments.map(({ id, name, parentid }) => ({ code: String(id), name: name ?? '', parentCode: parentid ? String(parentid) : '' }))
  return { ...(tells.includes('units') || tells.includes('unitFacts') ? { units } : {}), people }
} // prettier-ignore
const sexes: Readonly<Record<string, string>> = { '1': '男', '2': '女' }
function lineOf({ userid, name = '', department = [], main_department, mobile, email, gender = '' }: WecomMember): Record<string, string> {
  const unit = main_department ?? department[0]
  const facts = { mobile, email, sex: sexes[gender], unit: unit === undefined ? undefined : String(unit) }
  return { number: userid, name, ...Object.fromEntries(Object.entries(facts).flatMap(([key, value]) => (value ? [[key, value]] : []))) }
} // prettier-ignore
