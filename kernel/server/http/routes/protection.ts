import type { ProtectionAnswer } from '#model'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'

/** 防护策略: the thresholds in force, and which layer binds each; changed by the security officer, only to be tighter. */
export function protectionRoutes({ app, kernel, management, contextOf }: Server): void {
  const config = { config: { who: { right: 'security.protection' } } } as const
  const answer = async (): Promise<ProtectionAnswer> => ({
    profile: kernel.protection.profile,
    isManagementApart: management.isOpen,
    ...(await kernel.protection.current()),
  })
  app.get('/api/protection', config, answer)
  app.put('/api/protection', config, async (request) => {
    const { own, networks, seen } = bodyOf(request)
    await kernel.protection.change(await contextOf(request), { own, networks }, seen)
    return answer()
  })
}
