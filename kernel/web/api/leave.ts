import { session } from './session.ts'

// What stays behind in this browser when somebody goes. Records are nowhere but in memory; this takes away what a part of the page may have put elsewhere, too.
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('xinglin')
const unsaved = new Set<() => Promise<void>>()

/** What has to be kept on the server before its person goes. Answers how to take it back. */
export function keepBeforeLeaving(save: () => Promise<void>): () => void {
  unsaved.add(save)
  return () => unsaved.delete(save)
}
export const keepUnsaved = (): Promise<unknown> => Promise.allSettled([...unsaved].map((save) => save()))

async function clear(): Promise<void> {
  localStorage.clear()
  sessionStorage.clear()
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? []
  for (const { name } of databases) if (name) indexedDB.deleteDatabase(name)
  // Plain http knows no caches.
  if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name)
}
/** Forgets the person on this browser, in all its windows, and loads the page anew: at `path`, or where it stands. */
export async function leave(path: string | null, isTold = false): Promise<void> {
  session.leave()
  if (!isTold) channel?.postMessage('left')
  await clear().catch(() => undefined)
  // In the place of the page, so that the way back leads to none of its contents.
  if (path === null) location.reload()
  else location.replace(path)
}
channel?.addEventListener('message', ({ data }) => void (data === 'left' && session.me && leave('/', true)))
// A page that the browser had put aside is that of whoever was here then.
globalThis.addEventListener?.('pageshow', ({ persisted }) => persisted && location.reload())
