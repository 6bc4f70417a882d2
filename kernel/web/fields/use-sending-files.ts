import { formatBytes, type FileValue } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError, messageOf, Unreachable } from '../api/problem.ts'
import type { Sending } from './sending.tsx'
import { Gate, isAccepted, shrunk, upload } from './upload.ts'

let lastKey = 0

interface Asked {
  ids: readonly string[]
  onChange: (ids: string[]) => void
  /** What the server has told of them. */
  known: readonly FileValue[]
  accept?: readonly string[] | undefined
  maxFiles?: number | undefined
  maxBytes?: number | undefined
  /** What is said of a file of another kind, and how many of what there may be. */
  wrong: string
  counted: string
}
/** Files on their way to a list of ids: each shows how far it is, may be held, tried again and given up. */
export function useSendingFiles({ ids, onChange, known, accept, maxFiles = 50, maxBytes, wrong, counted }: Asked) {
  const latest = useRef(ids)
  useEffect(() => {
    latest.current = ids
  })
  const client = useQueryClient()
  const arrived = useRef(new Map<string, FileValue>())
  const places = useRef(new Map<string, number>())
  useEffect(() => {
    for (const file of known) arrived.current.set(file.id, file)
  })
  const [sending, setSending] = useState<Sending[]>([])
  const change = (next: string[]) => {
    latest.current = next
    onChange(next)
  }
  const patch = (key: number, part: Partial<Sending>) => setSending((before) => before.map((s) => (s.key === key ? { ...s, ...part } : s)))
  const drop = (key: number) => setSending((before) => before.filter((s) => s.key !== key))

  function start(files: Iterable<File>) {
    for (const file of files) {
      const one: Sending = { key: ++lastKey, file, share: 0, problem: null, mayRetry: false, wait: null, isHeld: false, abort: new AbortController(), gate: new Gate() } // prettier-ignore
      if (!isAccepted(file, accept)) one.problem = wrong
      else if (maxBytes && file.size > maxBytes && !file.type.startsWith('image/')) one.problem = `超过 ${formatBytes(maxBytes)}`
      else if (latest.current.length + sending.length >= maxFiles) one.problem = `最多 ${maxFiles} ${counted}`
      setSending((before) => [...before, one])
      if (!one.problem) void send(one)
    }
  }
  async function send({ key, file, abort, gate }: Sending) {
    try {
      const ready = await shrunk(file)
      if (maxBytes && ready.size > maxBytes) return patch(key, { problem: `超过 ${formatBytes(maxBytes)}` })
      const stored = await upload(ready, {
        signal: abort.signal,
        gate,
        onProgress: (share) => patch(key, { share }),
        onWait: (wait) => patch(key, { wait }),
      })
      places.current.set(stored.id, key)
      // In the order in which they were chosen, not in which they arrived.
      const placeOf = (id: string) => places.current.get(id) ?? 0
      const next = [...latest.current.filter((id) => id !== stored.id), stored.id].toSorted((a, b) => placeOf(a) - placeOf(b))
      // Several arrive at once: what is known of each is kept beside what this one saw when it set out.
      arrived.current.set(stored.id, stored)
      client.setQueryData<FileValue[]>(['files', ...next], next.flatMap((id) => arrived.current.get(id) ?? [])) // prettier-ignore
      change(next)
      drop(key)
    } catch (error) {
      if (!abort.signal.aborted) patch(key, { problem: messageOf(error), mayRetry: error instanceof Unreachable || (error instanceof ApiError && error.status >= 500) }) // prettier-ignore
    }
  }
  return {
    sending,
    start,
    hold({ key, isHeld, gate }: Sending) {
      if (isHeld) gate.open()
      else gate.hold()
      patch(key, { isHeld: !isHeld })
    },
    retry(one: Sending) {
      patch(one.key, { problem: null })
      void send(one)
    },
    cancel({ key, abort }: Sending) {
      abort.abort()
      drop(key)
    },
  }
}
