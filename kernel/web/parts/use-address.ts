import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

type Part = Record<string, string | null | undefined>
/** The page's state in the address: what is null or empty leaves it. */
export function useAddress(): [get: (key: string) => string, put: (part: Part) => void] {
  const [given, setGiven] = useSearchParams()
  const put = useCallback(
    (part: Part) =>
      setGiven(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [key, value] of Object.entries(part)) {
            if (value) next.set(key, value)
            else next.delete(key)
          }
          return next
        },
        { replace: true },
      ),
    [setGiven],
  )
  return [(key) => given.get(key) ?? '', put]
}
