import type { PreviewAnswer } from '#model'
import { useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { FlowPreview } from '../flow/record-flow.tsx'
import type { FormStore } from './form-store.ts'

/** The way of the approval depends on whose record it is, and on the choices made. */
export function Preview({
  store,
  onAsked,
  children,
}: {
  store: FormStore
  onAsked: (asked: PreviewAnswer['choose']) => void
  children: ReactNode
}) {
  const { resource } = store
  const deciding = Object.entries(resource.fields).filter(
    ([key, field]) => Object.values(resource.owner).includes(key) || field.kind === 'choice',
  )
  const text = useSyncExternalStore(
    (listener) => store.subscribe('*', listener),
    () => JSON.stringify(deciding.map(([key]) => [key, store.state(key).value])),
  )
  const draft = useMemo(() => Object.fromEntries((JSON.parse(text) as [string, unknown][]).filter(([, value]) => value !== null)), [text])
  return (
    <FlowPreview resource={resource.name} draft={draft} onAsked={onAsked}>
      {children}
    </FlowPreview>
  )
}
