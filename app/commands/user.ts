import { parseArgs } from 'node:util'
import { createAccount } from '#kernel/server/access/accounts.ts'
import { givePassword } from '#kernel/server/access/given-password.ts'
import { endSessionsOf } from '#kernel/server/access/sessions.ts'
import { hashPassword, oneTimePassword, passwordProblem } from '#kernel/server/access/passwords.ts'
import { belongingOf } from '#kernel/server/access/sign-in.ts'
import { withHouse } from './place.ts'

/** `xinglin user add|reset|list`. The password comes from XINGLIN_PASSWORD or is made and shown once. */
export async function user(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { person: { type: 'string' }, data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' } },
  })
  const [verb, name] = positionals
  return withHouse(values.data, async ({ kernel }) => {
    if (verb === 'list') {
      const rows = await kernel.db.query<{ name: string; person: string | null; disabled: boolean }>(
        `SELECT a.name, p.name AS person, a.status <> 'active' AS disabled FROM security.account a LEFT JOIN directory.person p ON p.id = a.person WHERE a.deleted_at IS NULL ORDER BY a.name`,
      )
      for (const row of rows) console.log(`${row.name}\t${row.person ?? '—'}\t${row.disabled ? '停用' : '启用'}`)
      return 0
    }
    if ((verb !== 'add' && verb !== 'reset') || !name) {
      console.error('用法：user add <账号> --person <工号> | user reset <账号> | user list')
      return 2
    }
    const [known] = await kernel.db.query<{ id: string; person: string | null }>(
      'SELECT id, person FROM security.account WHERE lower(name) = lower($1) AND deleted_at IS NULL',
      [name],
    )
    if (verb === 'reset' && !known) throw new Error(`没有账号“${name}”`)
    if (verb === 'add' && known) throw new Error(`账号“${name}”已存在`)
    const found = [...(await kernel.directory()).people.values()].filter((p) => values.person && p.staffNumber === values.person)
    if (verb === 'add' && found.length !== 1)
      throw new Error(values.person ? `没有工号为“${values.person}”的人员` : '请用 --person 给出工号')
    const given = process.env['XINGLIN_PASSWORD']
    const password = given ?? oneTimePassword()
    const person = known?.person ?? found[0]?.id ?? null
    const problem = given
      ? await passwordProblem(await kernel.protection.policy(), password, await belongingOf(kernel, { name, person }))
      : null
    if (problem) throw new Error(problem)
    const hash = await hashPassword(password)
    if (known) {
      await givePassword(kernel, await kernel.context({ kind: 'system', reason: '命令行' }, 'system'), known, hash, { mustChange: !given })
      await endSessionsOf(kernel, known.id, 'changed')
    } else await createAccount(kernel, { name, person, passwordHash: hash, mustChange: !given })
    console.log(given ? `账号 ${name} 已保存` : `账号 ${name} 的一次性初始密码：${password}`)
    return 0
  })
}
