import type { ApprovalAnswer, ClientResource } from '#model'
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
    const keys = task.mayEdit.filter((key) => key !== approval.itemsKey && resource.fields[key] && (!inBatch || inBatch.includes(key)))
    if (keys.length === 0) return null
    // What the step wants filled is required here, whatever the form says of it elsewhere.
    const fields = Object.fromEntries(
      Object.entries(resource.fields).map(([key, field]) => [key, task.require.includes(key) ? { ...field, required: true } : field]),
    )
    const own = Object.fromEntries(keys.map((key) => [key, fields[key]!]))
    return new FormStore({ ...resource, fields: own, rules: [] }, approval.record)
  }, [approval, resource])
}

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
