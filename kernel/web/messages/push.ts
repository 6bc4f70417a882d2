import type { OwnPush } from '#model'
import { api } from '../api/client.ts'
import { keepBeforeLeaving } from '../api/leave.ts'
import { session } from '../api/session.ts'

const workerFile = '/push-worker.js'
/** Which of the person's browsers this one is; with him it goes (api/leave.ts). */
const stored = 'xinglin.push'
interface Here {
  account: string
  id: string
}
function here(): Here | null {
  try {
    return JSON.parse(localStorage.getItem(stored) ?? 'null') as Here | null
  } catch {
    return null
  }
}
/** Can this browser be told while no page is open? */
export const canBePushed = (): boolean =>
  window.isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

async function subscribed(): Promise<PushSubscription | null> {
  if (!canBePushed()) return null
  const registration = await navigator.serviceWorker.getRegistration('/')
  return (await registration?.pushManager.getSubscription()) ?? null
}
/** This browser among those that the hospital tells; null: it is none of them. */
export async function pushedHere({ devices }: OwnPush): Promise<string | null> {
  const known = here()
  const isKnown = known !== null && known.account === session.me?.account.id && devices.some(({ id }) => id === known.id)
  return isKnown && (await subscribed()) ? known.id : null
}
/** Lets the hospital tell this browser. @throws where the browser, or the service of its maker, will not. */
export async function switchPushOn(key: string): Promise<void> {
  await navigator.serviceWorker.register(workerFile)
  const registration = await navigator.serviceWorker.ready
  // One that was made for another key, or another person, is given up.
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { id } = await api.post<{ id: string }>('/api/messages/push', subscription.toJSON())
  localStorage.setItem(stored, JSON.stringify({ account: session.me!.account.id, id } satisfies Here))
}
export async function switchPushOff(id: string): Promise<void> {
  // Here first: whatever becomes of the message to the hospital, this browser shows nothing more.
  if (here()?.id === id) await giveUp()
  await api.delete(`/api/messages/push/${id}`)
}
async function giveUp(): Promise<void> {
  localStorage.removeItem(stored)
  await (await subscribed())?.unsubscribe()
}
// At a machine that several use nobody reads what another is told.
keepBeforeLeaving(async () => {
  const known = here()
  if (known) await switchPushOff(known.id)
})
/** Whoever comes to a browser that another had let be told, ends that. */
export async function endPushOfOthers(): Promise<void> {
  const known = here()
  if (known && known.account !== session.me?.account.id) await giveUp()
}
