import type { Kernel } from '../kernel.ts'
import { service } from '../service.ts'
import { endStopped } from './end.ts'

async function forgetTries(kernel: Kernel): Promise<void> {
  const before = new Date(kernel.clock.now().getTime() - 86_400_000)
  await kernel.db.query(`DELETE FROM kernel.emergency_try WHERE at < $1`, [before.toISOString()])
}
/** An access does not outlive what it rests on: the account, the person's place here, his roles. */
export const emergencyService = service({
  name: 'security.emergencyAccess',
  on: { 'security.account': endStopped, 'directory.person': endStopped, 'directory.roleAssignment': endStopped },
  daily: { tries: forgetTries },
})
