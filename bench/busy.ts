// For how long a page can do nothing else.
export interface Watching {
  stopWatching: () => number
}
/** Runs in the page until it is stopped: a message is sent round and round; the longest that one has waited is the longest that the page was busy. */
export function watchBusy(): void {
  const { port1, port2 } = new MessageChannel()
  let last = performance.now()
  let longest = 0
  let isOn = true
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (isOn) port2.postMessage(null)
  }
  port2.postMessage(null)
  ;(globalThis as unknown as Watching).stopWatching = () => {
    isOn = false
    return longest
  }
}
