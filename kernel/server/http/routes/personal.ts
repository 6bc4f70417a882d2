import { Refusal, type Counts, type TodoItem } from '#model'
import { personOf } from '../../context.ts'
import { keepFavourites, startPage } from '../../flow/start.ts'
import { myCounts } from '../../flow/todo.ts'
import { keepLiking } from '../../likings.ts'
import { autosavePlace } from '../../personal/autosave.ts'
import { keepShortcuts, shortcutsOf } from '../../shortcuts.ts'
import { unreadOf } from '../../talk/reading.ts'
import type { Server } from '../server.ts'
import { bodyOf, needId } from './records.ts'

const maxAutosave = 1024 * 1024

/** What belongs to one person: autosaved forms, to-dos, counts. */
export function personalRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: 'signedIn' } } as const
  const formOf = (params: unknown): string => {
    const form = (params as { '*': string })['*']
    if (!form || form.length > 200) throw new Refusal('badRequest')
    return form
  }
  app.get('/api/autosave/*', config, async (request) => {
    const { account } = request.session!
    const form = formOf(request.params)
    const [row] = await kernel.db.query<{ value: Buffer; at: string }>(
      `SELECT value, at FROM kernel.autosave WHERE account = $1::uuid AND form = $2`,
      [account, form],
    )
    return row
      ? { value: JSON.parse(kernel.protector.open(autosavePlace(account, form), row.value)) as unknown, at: row.at }
      : { value: null }
  })
  app.put('/api/autosave/*', config, async (request) => {
    const text = JSON.stringify(bodyOf(request)['value'] ?? null)
    if (text.length > maxAutosave) throw new Refusal('tooLarge', '内容过长，未能自动保存')
    const { account } = request.session!
    const form = formOf(request.params)
    await kernel.db.query(
      `INSERT INTO kernel.autosave VALUES ($1::uuid, $2, $3, $4) ON CONFLICT (account, form) DO UPDATE SET value = excluded.value, at = excluded.at`,
      [account, form, kernel.protector.seal(autosavePlace(account, form), text), kernel.clock.now().toISOString()],
    )
    return { done: true }
  })
  app.delete('/api/autosave/*', config, async (request) => {
    await kernel.db.query(`DELETE FROM kernel.autosave WHERE account = $1::uuid AND form = $2`, [
      request.session!.account,
      formOf(request.params),
    ])
    return { done: true }
  })

  app.get('/api/todos', config, async (request): Promise<TodoItem[]> => {
    const ctx = await contextOf(request)
    return kernel.db.query<TodoItem & object>(
      `SELECT id, title, link, due, opened_at AS "openedAt" FROM kernel.todo WHERE person = $1::uuid AND closed_at IS NULL ORDER BY due NULLS LAST, opened_at LIMIT 100`,
      [personOf(ctx.actor)],
    )
  })
  app.post<{ Params: { id: string } }>('/api/todos/:id/close', config, async (request) => {
    const ctx = await contextOf(request)
    await kernel.db.query(`UPDATE kernel.todo SET closed_at = $3 WHERE id = $1::uuid AND person = $2::uuid`, [
      needId(request.params.id),
      personOf(ctx.actor),
      kernel.clock.now().toISOString(),
    ])
    return { done: true }
  })
  app.get('/api/start', config, async (request) => startPage(kernel, await contextOf(request), request.session!.account))
  app.put('/api/start/favourites', config, async (request) => {
    await keepFavourites(kernel, await contextOf(request), request.session!.account, bodyOf(request)['favourites'])
    return { done: true }
  })
  app.get('/api/shortcuts', config, async (request) => ({
    shortcuts: await shortcutsOf(kernel, await contextOf(request), request.session!.account),
  }))
  app.put('/api/shortcuts', config, async (request) => ({
    shortcuts: await keepShortcuts(kernel, await contextOf(request), request.session!.account, bodyOf(request)['shortcuts']),
  }))
  app.put<{ Params: { name: string } }>('/api/me/likings/:name', config, async (request) => {
    await keepLiking(kernel, request.session!.account, request.params.name, bodyOf(request)['value'])
    return { done: true }
  })
  app.get('/api/counts', config, async (request): Promise<Counts> => {
    const ctx = await contextOf(request)
    const [counts, talks] = await Promise.all([myCounts(ctx), unreadOf(ctx)])
    return { ...counts, talks }
  })
}
