import { useCallback, useSyncExternalStore } from 'react'
import type { FieldState, FormStore } from './form-store.ts'

export function useFieldState(store: FormStore, key: string): FieldState {
  return useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]),
    () => store.state(key),
  )
}
/** Has anything been changed? Without a form, nothing has. */
export const useIsDirty = (store: FormStore | null): boolean =>
  useSyncExternalStore(
    useCallback((listener: () => void) => store?.subscribe('*', listener) ?? (() => undefined), [store]),
    () => store?.isDirty ?? false,
  )
