import { useSyncExternalStore } from 'react'
import { useMe } from '../api/hooks.ts'
import type { FormStore } from './form-store.ts'

/** Whose request a form under approval is, where that is somebody else and the writer may fill it in for him; null where he submits himself. */
export function useOther(store: FormStore): string | null {
  const { person, rights } = useMe()
  const { resource } = store
  const key = resource.owner.person
  const owner = useSyncExternalStore(
    (listener) => store.subscribe(key ?? '*', listener),
    () => (key ? store.state(key).value : null),
  )
  const isOthers = typeof owner === 'string' && owner !== person?.id
  return isOthers && resource.approval !== undefined && rights.includes('flows.fillIn') ? owner : null
}
/** What only he himself gives. */
export const isOwnHand = ({ resource }: FormStore, key: string): boolean => resource.fields[key]?.kind === 'signature'
