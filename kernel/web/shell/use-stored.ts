import { useCallback, useState } from 'react'
import { useMe } from '../api/hooks.ts'

/** A liking of this person on this browser (order of columns, collapsed groups). Never data of records. */
export function useStored<T>(name: string, initial: T): [T, (next: T) => void] {
  const key = `xinglin.${useMe().account.id}.${name}`
  const [value, setValue] = useState<T>(() => read(key) ?? initial)
  const store = useCallback(
    (next: T) => {
      setValue(next)
      try {
        localStorage.setItem(key, JSON.stringify(next))
      } catch {
        // A full or forbidden storage only forgets the liking.
      }
    },
    [key],
  )
  return [value, store]
}
function read<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}
