import type { MessageItem } from '#model'
import { messageKinds } from '#model'
import { here } from '../api/place.ts'
import { api } from '../api/client.ts'
import { session } from '../api/session.ts'

/** The name under which one's wish is kept. */
export const browserNotices = 'browserNotices'
export const canNotify = (): boolean => 'Notification' in window && window.isSecureContext
/** Does this browser tell what comes while the page is not looked at? */
export const notifies = (): boolean => session.me?.likings[browserNotices] === true && canNotify() && Notification.permission === 'granted'

const most = 3
/** The newest that stood there when nobody looked any more, by the server's clock. */
let since: Promise<string> = Promise.resolve('')
/** From now on nobody looks. */
export function lookedAway(): void {
  if (notifies())
    since = api.get<MessageItem[]>('/api/messages').then(
      ([newest]) => newest?.at ?? '',
      () => new Date().toISOString(),
    )
}

/** Shows what came since nobody looks: by the same mark in every tab, so that each is shown once. */
export async function showNew(): Promise<void> {
  if (document.visibilityState !== 'hidden' || !notifies()) return
  const unread = await api.get<MessageItem[]>('/api/messages', { unread: '1' })
  const known = await since
  const fresh = unread.filter((one) => one.at > known)
  if (fresh.length === 0) return
  since = Promise.resolve(fresh[0]!.at)
  for (const one of fresh.slice(0, most).reverse()) {
    const shown = new Notification(one.title, { body: messageKinds[one.kind], tag: one.id })
    shown.addEventListener('click', () => {
      window.focus()
      location.assign(here(one.link ?? '/messages'))
    })
  }
}
