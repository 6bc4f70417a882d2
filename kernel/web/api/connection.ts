import { here } from './place.ts'
/** Is the server answering? Shown as a banner; while it is away it is asked again and again, and when it is back whoever listens reads afresh. */
let isDown = false
/** Requests that a busy server has sent away and that are sent again after a while. */
let waiting = 0
let watch: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listener) => listener())

async function look(): Promise<void> {
  try {
    const { status } = await fetch(here('/api/me'), { headers: { accept: 'application/json' } })
    if (status < 500) connection.report(false)
  } catch {
    // Still away.
  }
}

export const connection = {
  get isDown(): boolean {
    return isDown
  },
  /** The server answers, but has more to do than it can. */
  get isBusy(): boolean {
    return waiting > 0
  },
  /** A request was sent away by a busy server; what is answered is called when it has come to its end. */
  busy(): () => void {
    waiting++
    tell()
    return () => {
      waiting--
      tell()
    }
  },
  report(down: boolean): void {
    if (down === isDown) return
    isDown = down
    clearInterval(watch)
    if (down) watch = setInterval(() => void look(), 4000)
    tell()
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
