import { useCallback, useSyncExternalStore } from 'react'
import type { FieldState, FormStore } from './form-store.ts'

export function useFieldState(store: FormStore, key: string): FieldState {
  return useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]),
    () => store.state(key),
  )
}
export const useIsDirty = (store: FormStore): boolean =>
  useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe('*', listener), [store]),
    () => store.isDirty,
  )
