/** Is the server answering? Shown as a banner; queries read again when it comes back. */
let isDown = false
const listeners = new Set<() => void>()

export const connection = {
  get isDown(): boolean {
    return isDown
  },
  report(down: boolean): void {
    if (down === isDown) return
    isDown = down
    listeners.forEach((listener) => listener())
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
