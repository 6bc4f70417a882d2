import { newActId, type HttpSession } from './hospital.ts'

/** What somebody has to decide of an approval; null where nothing, or where he does not see it. */
export const taskOf = async (who: HttpSession, instance: string): Promise<string | null> =>
  (await who.call('GET', `/api/approvals/${instance}`)).json<{ my?: { task: { id: string } | null } }>().my?.task?.id ?? null

/** Agrees as whoever has it before him, as the page does. Answers the status. */
export async function approve(who: HttpSession, instance: string): Promise<number> {
  const path = `/api/approvals/${instance}`
  const seen = (await who.call('GET', path)).json<{ my?: { task: { id: string } | null }; record?: { version: number } }>()
  const act = { kind: 'approve', actId: newActId(), task: seen.my?.task?.id, seenVersion: seen.record?.version }
  return (await who.call('POST', `${path}/acts`, act)).status
}
