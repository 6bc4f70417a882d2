import type { PasswordKey } from '#model'
import { api } from './client.ts'

const hashFirst = 1
/** Sends a body whose passwords are sealed beside TLS (SM2), under a challenge of the moment: whoever listens in on the way can neither read nor send them again. */
export async function postSealed<T>(path: string, body: object, passwords: Readonly<Record<string, string>>): Promise<T> {
  const [{ sm2 }, { id, key, challenge }] = await Promise.all([loadSm2(), api.get<PasswordKey>('/api/password-key')])
  const sealed = Object.entries(passwords).map(([name, text]) => [
    name,
    `sm2:${id}:${challenge}:${sm2.doEncrypt(`${challenge}\n${text}`, key, hashFirst)}`,
  ])
  return api.post<T>(path, { ...body, ...Object.fromEntries(sealed) })
}
/** Fetched while somebody types. */
export const loadSm2 = () => import('sm-crypto-v2')
