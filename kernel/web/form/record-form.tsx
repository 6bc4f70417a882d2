import { kindOf, type LayoutElement } from '#model'
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { FieldRow } from './field-row.tsx'
import type { FormStore } from './form-store.ts'
import { groupsOf, tabsOf, type FieldGroup } from './groups.ts'
import { usePrefill } from './prefill.ts'
import { useFitting } from './use-fitting.ts'
import './form.css'

interface Props {
  store: FormStore
  isNew: boolean
  aside?: ReactNode
}
/** The fields of a record to be filled in; any page may stand it between its own parts. */
export function RecordForm({ store, isNew, aside }: Props) {
  const { resource } = store
  const origins = usePrefill(store, isNew)
  useFitting(store)
  const groups = groupsOf(resource, (_, field) => !(field.readOnly && isNew && !kindOf(field).isComputed && !field.from))
  const isPhone = useIsPhone()
  const tabs = tabsOf(groups)
  const [tab, setTab] = useState(tabs[0] ?? '')
  return (
    <div className="x-form">
      <div className="x-form-groups">
        {tabs.length > 1 && <FormTabs tabs={tabs} current={tab} groups={groups} store={store} onChange={setTab} />}
        {groups.map((group, at) => (
          // A tab that is not seen keeps what was filled in.
          <div key={`${group.tab} ${group.label}`} data-tab={group.tab} hidden={tabs.length > 1 && group.tab !== tab}>
            <Group id={`group-${at}`} group={group} store={store} origins={origins} />
          </div>
        ))}
      </div>
      {aside && <aside className="x-form-aside">{aside}</aside>}
      {groups.length >= 3 && tabs.length <= 1 && !aside && !isPhone && (
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
        {group.parts.map((part, at) =>
          'key' in part ? (
            <FieldRow
              key={part.key}
              store={store}
              name={part.key}
              isReadOnly={resource.readOnly.includes(part.key)}
              origin={origins[part.key]}
            />
          ) : (
            <Layout key={at} element={part} />
          ),
        )}
      </div>
    </section>
  )
}

/** What holds no value: a description, or a line with a heading. */
function Layout({ element }: { element: LayoutElement }) {
  if ('note' in element) return <p className="x-form-note">{element.note}</p>
  return element.divider ? <h3 className="x-form-divider">{element.divider}</h3> : <hr className="x-form-divider" />
}

interface TabsProps {
  tabs: readonly string[]
  current: string
  groups: readonly FieldGroup[]
  store: FormStore
  onChange: (tab: string) => void
}
/** One tab at a time; one that holds a problem says so. */
function FormTabs({ tabs, current, groups, store, onChange }: TabsProps) {
  const wrong = useSyncExternalStore(
    (listener) => {
      const stops = groups.flatMap((group) => group.fields.map(([key]) => store.subscribe(key, listener)))
      return () => stops.forEach((stop) => stop())
    },
    () =>
      tabs
        .filter((tab) => groups.some((group) => group.tab === tab && group.fields.some(([key]) => store.state(key).problem !== null)))
        .join('\n'),
  ).split('\n')
  return (
    <div className="x-form-tabs" role="tablist" aria-label="分页">
      {tabs.map((tab) => (
        <button key={tab} type="button" role="tab" aria-selected={tab === current} data-tab-button={tab} onClick={() => onChange(tab)}>
          {tab}
          {wrong.includes(tab) && <i className="x-tab-wrong" role="img" aria-label="有填写问题" />}
        </button>
      ))}
    </div>
  )
}

/** Brings the first field with a problem into sight and puts the cursor there. */
export function showProblem(within: HTMLElement | null, key: string | undefined): void {
  const row = key ? within?.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`) : null
  // On a tab that is not seen the field cannot be brought into sight before its tab.
  const tab = row?.closest<HTMLElement>('[data-tab][hidden]')?.dataset['tab']
  if (tab !== undefined) flushSync(() => within?.querySelector<HTMLElement>(`[data-tab-button="${CSS.escape(tab)}"]`)?.click())
  row?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  row?.querySelector<HTMLElement>('input, textarea, button, [tabindex]')?.focus({ preventScroll: true })
}
