import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { hashPassword, passwordProblem, putAccount } from '#kernel/server/access/sessions.ts'
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
        `SELECT a.name, p.name AS person, a.disabled_at IS NOT NULL AS disabled FROM kernel.account a LEFT JOIN directory.person p ON p.id = a.person ORDER BY a.name`,
      )
      for (const row of rows) console.log(`${row.name}\t${row.person ?? '—'}\t${row.disabled ? '停用' : '启用'}`)
      return 0
    }
    if ((verb !== 'add' && verb !== 'reset') || !name) {
      console.error('用法：user add <账号> --person <工号> | user reset <账号> | user list')
      return 2
    }
    const [known] = await kernel.db.query<{ person: string | null }>('SELECT person FROM kernel.account WHERE lower(name) = lower($1)', [
      name,
    ])
    if (verb === 'reset' && !known) throw new Error(`没有账号“${name}”`)
    if (verb === 'add' && known) throw new Error(`账号“${name}”已存在`)
    const found = [...(await kernel.directory()).people.values()].filter((p) => values.person && p.staffNumber === values.person)
    if (verb === 'add' && found.length !== 1)
      throw new Error(values.person ? `没有工号为“${values.person}”的人员` : '请用 --person 给出工号')
    const given = process.env['XINGLIN_PASSWORD']
    const password = given ?? `${randomBytes(9).toString('base64url')}Aa1!`
    const problem = passwordProblem(password, name)
    if (problem) throw new Error(problem)
    await putAccount(kernel.db, kernel.clock.now(), {
      name,
      person: known?.person ?? found[0]!.id,
      passwordHash: await hashPassword(password),
      mustChange: !given,
    })
    console.log(given ? `账号 ${name} 已保存` : `账号 ${name} 的一次性初始密码：${password}`)
    return 0
  })
}
