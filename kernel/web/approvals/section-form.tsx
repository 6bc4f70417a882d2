import type { ApprovalAnswer, ClientResource, Field, MyTask } from '#model'
import { tableOf } from '#kernel/model/flow/shown.ts'
import { useMemo } from 'react'
import { FieldRow } from '../form/field-row.tsx'
import { FormStore } from '../form/form-store.ts'
import '../form/form.css'

/** The fields that this step lets its person fill in or mend; null when it lets none. */
export function useSection(approval: ApprovalAnswer, resource: ClientResource | undefined): FormStore | null {
  return useMemo(() => {
    const task = approval.my.task
    if (!task || !resource) return null
    const inBatch = approval.batch[0]?.changes.map(({ field }) => field)
    // Lines are decided each by itself; only columns of theirs are filled in here.
    const open = task.mayEdit.filter((path) => path !== approval.itemsKey).map((path) => tableOf(path) ?? path)
    const keys = [...new Set(open)].filter((key) => resource.fields[key] && (!inBatch || inBatch.includes(key)))
    if (keys.length === 0) return null
    const own = Object.fromEntries(keys.map((key) => [key, asOpen(key, resource.fields[key]!, task, approval.record[key])]))
    return new FormStore({ ...resource, fields: own, rules: [] }, approval.record)
    // Somebody else's word beside it, or a line of the chain, takes nothing of what is being filled in.
    // oxlint-disable-next-line react/exhaustive-deps -- what stands in the form changes with the version and the task
  }, [approval.version, approval.my.task?.id, resource])
}

/** The field as this step has it: what it wants filled is required, whatever the form says of it elsewhere; of a sub-table of which it opens columns the rows stay as many. */
function asOpen(key: string, field: Field, { mayEdit, require }: MyTask, value: unknown): Field {
  const needed = (path: string) => require.includes(path)
  if (field.kind !== 'rows') return needed(key) ? { ...field, required: true } : field
  const table = field as Field<'rows'>
  const columns = Object.entries(table.options.fields).map(([column, one]): [string, Field] => {
    const path = `${key}.${column}`
    return [column, { ...one, ...(needed(path) ? { required: true } : {}), ...(mayEdit.includes(key) || mayEdit.includes(path) ? {} : { readOnly: true }) }]
  })
  const { length } = Array.isArray(value) ? value : []
  const options = { ...table.options, fields: Object.fromEntries(columns), ...(mayEdit.includes(key) ? {} : { min: length, max: length }) }
  return { ...table, ...(needed(key) ? { required: true } : {}), options }
} // prettier-ignore

/** 本步骤填写: a section of the form that is this step's to fill, beside the decision. */
export function SectionForm({ approval, store }: { approval: ApprovalAnswer; store: FormStore }) {
  const { task } = approval.my
  const { fields } = store.resource
  return (
    <section className="x-card x-section-form" aria-label="本步骤填写">
      <h2>{task?.kind === 'fill' ? task.label : '本步骤可修改的内容'}</h2>
      <div className="x-form-grid">
        {Object.keys(fields).map((key) => (
          <FieldRow key={key} store={store} name={key} isReadOnly={false} />
        ))}
      </div>
    </section>
  )
}
