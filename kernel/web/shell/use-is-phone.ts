import { useSyncExternalStore } from 'react'

// A finger on a large touch screen still gets the desk's pages.
const query = matchMedia('(max-width: 768px), (pointer: coarse) and (max-width: 1100px)')
const subscribe = (listener: () => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
export const isPhoneNow = (): boolean => query.matches
export const useIsPhone = (): boolean => useSyncExternalStore(subscribe, isPhoneNow)
