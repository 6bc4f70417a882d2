import { changeSettings, general, readSettings } from '../../settings.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

/** The hospital's own settings, read and changed by whoever administers the system. */
export function settingsRoutes({ app, kernel, contextOf }: Server): void {
  const config = { config: { who: { right: 'settings.administer' } } } as const
  app.get('/api/settings', config, () => readSettings(kernel.db))
  app.put('/api/settings', config, async (request) => {
    const { settings, seen } = bodyOf(request)
    return changeSettings(kernel, await contextOf(request), general, settings, seen)
  })
}
