import { kindOf, type ClientResource, type Field } from '#model'
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { FieldRow } from './field-row.tsx'
import type { FormStore } from './form-store.ts'
import { usePrefill } from './prefill.ts'
import './form.css'

export interface FieldGroup {
  label: string
  fields: [string, Field][]
}
/** Declared groups, then what no group names. */
export function groupsOf(resource: ClientResource, isShown: (key: string, field: Field) => boolean): FieldGroup[] {
  const entries = Object.entries(resource.fields).filter(([key, field]) => isShown(key, field))
  const named = resource.groups.map((group) => ({ label: group.label, fields: entries.filter(([key]) => group.fields.includes(key)) }))
  const grouped = new Set(resource.groups.flatMap((group) => group.fields))
  const rest = { label: named.length ? '其他' : '', fields: entries.filter(([key]) => !grouped.has(key)) }
  return [...named, rest].filter((group) => group.fields.length > 0)
}

interface Props {
  store: FormStore
  isNew: boolean
  aside?: ReactNode
}
/** The fields of a record to be filled in; any page may stand it between its own parts. */
export function RecordForm({ store, isNew, aside }: Props) {
  const { resource } = store
  const origins = usePrefill(store, isNew)
  const groups = groupsOf(resource, (_, field) => !(field.readOnly && isNew && !kindOf(field).isComputed && !field.from))
  const isPhone = useIsPhone()
  return (
    <div className="x-form">
      <div className="x-form-groups">
        {groups.map((group, at) => (
          <Group key={group.label} id={`group-${at}`} group={group} store={store} origins={origins} />
        ))}
      </div>
      {aside && <aside className="x-form-aside">{aside}</aside>}
      {groups.length >= 3 && !aside && !isPhone && (
        <nav className="x-form-index" aria-label="分组">
          {groups.map((group, at) => (
            <button
              key={group.label}
              type="button"
              onClick={() => document.getElementById(`group-${at}`)?.scrollIntoView({ block: 'start' })}
            >
              {group.label}
            </button>
          ))}
        </nav>
      )}
    </div>
  )
}

function Group({
  id,
  group,
  store,
  origins,
}: {
  id: string
  group: FieldGroup
  store: FormStore
  origins: Readonly<Record<string, string>>
}) {
  const section = useRef<HTMLElement>(null)
  const { resource } = store
  // A group all of whose fields are hidden by rules has no heading either.
  const isShown = useSyncExternalStore(
    (listener) => {
      const stops = group.fields.map(([key]) => store.subscribe(key, listener))
      return () => stops.forEach((stop) => stop())
    },
    () => group.fields.some(([key]) => store.state(key).isVisible),
  )
  useEffect(() => {
    if (section.current) section.current.hidden = !isShown
  }, [isShown])
  return (
    <section ref={section} id={id} className="x-card x-form-group" aria-label={group.label || resource.label}>
      {group.label && <h2>{group.label}</h2>}
      <div className="x-form-grid">
        {group.fields.map(([key, field]) => (
          <FieldRow key={key} store={store} name={key} field={field} isReadOnly={resource.readOnly.includes(key)} origin={origins[key]} />
        ))}
      </div>
    </section>
  )
}

/** Brings the first field with a problem into sight and puts the cursor there. */
export function showProblem(within: HTMLElement | null, key: string | undefined): void {
  const row = key ? within?.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`) : null
  row?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  row?.querySelector<HTMLElement>('input, textarea, button, [tabindex]')?.focus({ preventScroll: true })
}
