import type { ApprovalAnswer, Field, NamedPath } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, InputNumber, Radio } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { api, newId } from '#kernel/web/api/client.ts'
import { keys, useMe } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import { stepsOf } from '#kernel/web/flow/steps-of.ts'
import { FilesInput } from '#kernel/web/fields/files-input.tsx'
import { PersonPicker } from '#kernel/web/fields/record-picker.tsx'
import { SignaturePad } from '#kernel/web/fields/signature-pad.tsx'
import { FlowPath } from '#kernel/web/flow/flow-path.tsx'
import { PreparedNotice } from '#kernel/web/flows/prepared-notice.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import {
  askedFor,
  emptyForm,
  formOf,
  formOfReturned,
  kindLabels,
  patched,
  repairOf,
  toggled,
  type FormState,
} from './application-form.rules.ts'
import type { ApplicableProcedure } from './application.rules.ts'
import { ProcedurePicker } from './procedure-picker.tsx'
import './application.css'

const autosave = '/api/autosave/privileges.application/new'
const evidenceField = {
  kind: 'files',
  label: '证明材料',
  required: false,
  options: { accept: ['image/*', 'application/pdf'], maxFiles: 20 },
} as unknown as Field<'files'>
interface Prepared {
  id: string
  at: string
  for: { id: string; name: string }
  by: { id: string; name: string }
  draft: unknown
}

/** Applying for procedures: choose, say how many cases, see who will decide, sign. The same page mends a returned request and signs a prepared one. */
function ApplicationPage() {
  const [search] = useSearchParams()
  const repair = search.get('repair')
  const prepared = search.get('prepared')
  const asked = search.get('procedure')
  const start = useQuery({
    queryKey: ['privileges', 'start', repair, prepared, asked],
    // A form being filled in is never replaced under its writer.
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      if (repair) {
        const approval = await api.get<ApprovalAnswer>(`/api/approvals/${repair}`, {}, signal)
        return { form: formOfReturned(approval), approval, prepared: null }
      }
      const waiting = prepared ? await api.get<Prepared[]>('/api/privileges/applications/prepared', {}, signal) : []
      const found = waiting.find((one) => one.id === prepared)
      if (found) return { form: formOf(found.draft), approval: null, prepared: found }
      const saved = await api.get<{ value: unknown }>(autosave, {}, signal)
      const form = formOf(saved.value)
      return { form: asked ? askedFor(form, asked, search.get('kind')) : form, approval: null, prepared: null }
    },
  })
  if (start.error) return <Failed error={start.error} retry={() => void start.refetch()} />
  if (!start.data) return <Skeleton rows={10} />
  return <Form key={`${repair} ${prepared} ${asked}`} {...start.data} />
}

interface FormProps {
  form: FormState
  approval: ApprovalAnswer | null
  prepared: Prepared | null
}
function Form({ form: initial, approval, prepared }: FormProps) {
  const { person, rights, today } = useMe()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [form, setForm] = useState(initial)
  const [actId, setActId] = useState(newId)
  const [isSigning, setSigning] = useState(false)
  const [problems, setProblems] = useState<Record<string, string>>({})
  const mayFillIn = rights.includes('privileges.fillIn') && !approval && !prepared
  const owner = mayFillIn && form.practitioner ? form.practitioner : person!.id
  const isOwn = owner === person!.id
  const list = useQuery({
    queryKey: ['privileges', 'applicable', owner],
    queryFn: ({ signal }) => api.get<ApplicableProcedure[]>('/api/privileges/applicable', isOwn ? {} : { practitioner: owner }, signal),
  })
  const path = useQuery({
    queryKey: ['privileges', 'path', owner],
    queryFn: () =>
      api.post<{ path: NamedPath[] }>('/api/flows/preview', { resource: 'privileges.application', draft: { practitioner: owner } }),
  })
  useAutosaved(form, !approval && !prepared)
  const forget = () => {
    for (const queryKey of [['privileges'], ['prepared'], keys.tasks, keys.counts, ['records'], ['approval']])
      void client.invalidateQueries({ queryKey })
  }

  async function submit(signature: string) {
    const draft = { kind: form.kind, items: form.items, reason: form.reason || null, evidence: form.evidence, signature }
    await run(async () => {
      const answer = approval
        ? await api.post<{ instance: string }>(
            `/api/approvals/${approval.instance}/acts`,
            { kind: 'resubmit', actId, signature, seenVersion: approval.record.version, changes: repairOf(approval, form) },
            actId,
          )
        : await api.post<{ instance: string }>('/api/privileges/applications', { draft, actId, prepared: prepared?.id }, actId)
      if (!approval && !prepared) await api.delete(autosave)
      void message.success('已提交')
      void navigate(`/approvals/${answer.instance}`, { replace: true })
    })
  }
  const prepare = () =>
    run(async () => {
      await api.post('/api/privileges/applications/prepare', { practitioner: owner, draft: { ...form, reason: form.reason || null } })
      await api.delete(autosave)
      setForm(emptyForm)
      void message.success('已交给本人签名')
    })
  async function run(work: () => Promise<void>) {
    setProblems({})
    try {
      await work()
      forget()
    } catch (error) {
      // A refused act is over; a mended form is another one.
      setActId(newId())
      const given = error instanceof ApiError ? (error.problem.problems ?? []) : []
      setProblems(Object.fromEntries(given.map((p) => [p.field, p.message])))
      void message.error(messageOf(error))
    }
  }

  const chosen = new Map(form.items.map((line, at) => [line.procedure, at]))
  const names = new Map((list.data ?? []).map((line) => [line.id, line]))
  return (
    <div className="x-page p-apply">
      <PageHead title={approval ? `修改 ${approval.number}` : '申请手术授权'} />
      {!approval && !prepared && <PreparedNotice />}
      {prepared && <Alert type="info" showIcon title={`由 ${prepared.by.name} 代填，请核对后签名提交`} />}
      <div className="p-apply-body">
        <div className="p-apply-main">
          <section className="x-card p-block">
            {mayFillIn && (
              <label className="p-row">
                <span>申请医师</span>
                <PersonPicker
                  value={owner}
                  isClearable={false}
                  onChange={(id) => setForm({ ...emptyForm, practitioner: id === person!.id ? null : id })}
                />
              </label>
            )}
            {!approval && (
              <div className="p-row">
                <span>申请形式</span>
                <Radio.Group
                  optionType="button"
                  value={form.kind}
                  options={Object.entries(kindLabels).map(([value, label]) => ({ value, label }))}
                  onChange={(event) => setForm({ ...form, kind: event.target.value as FormState['kind'] })}
                />
              </div>
            )}
          </section>
          {!approval && (
            <section className="x-card p-block">
              <h2>选择手术</h2>
              {list.error ? (
                <Failed error={list.error} retry={() => void list.refetch()} />
              ) : list.data ? (
                <ProcedurePicker
                  list={list.data}
                  kind={form.kind}
                  today={today}
                  chosen={new Set(chosen.keys())}
                  onToggle={(line) => setForm(toggled(form, line))}
                />
              ) : (
                <Skeleton rows={6} />
              )}
            </section>
          )}
          {form.items.length > 0 && (
            <section className="x-card p-block">
              <h2>已选 {form.items.length} 项</h2>
              <ul className="p-chosen">
                {form.items.map((line, at) => (
                  <li key={line.procedure}>
                    <div className="p-chosen-head">
                      <b>{names.get(line.procedure)?.name ?? '…'}</b>
                      <Button
                        type="text"
                        size="small"
                        aria-label={`去掉${names.get(line.procedure)?.name ?? ''}`}
                        onClick={() => setForm({ ...form, items: form.items.filter((other) => other !== line) })}
                      >
                        去掉
                      </Button>
                    </div>
                    <div className="p-cases">
                      <InputNumber
                        prefix="主刀"
                        suffix="例"
                        aria-label="近一年主刀例数"
                        min={0}
                        max={9999}
                        precision={0}
                        value={line.casesAsOperator}
                        onChange={(n) => setForm(patched(form, line.procedure, { casesAsOperator: n }))}
                      />
                      <InputNumber
                        prefix="助手"
                        suffix="例"
                        aria-label="近一年助手例数"
                        min={0}
                        max={9999}
                        precision={0}
                        value={line.casesAsAssistant}
                        onChange={(n) => setForm(patched(form, line.procedure, { casesAsAssistant: n }))}
                      />
                      <Input
                        placeholder="说明（可不填）"
                        aria-label="说明"
                        maxLength={200}
                        value={line.note ?? ''}
                        onChange={(event) => setForm(patched(form, line.procedure, { note: event.target.value || null }))}
                      />
                    </div>
                    {problems[`items.${at}.procedure`] && <p className="p-problem">{problems[`items.${at}.procedure`]}</p>}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section className="x-card p-block">
            <h2>理由与材料</h2>
            <Input.TextArea
              aria-label="申请理由"
              placeholder="申请理由（可不填）"
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={2000}
              value={form.reason}
              onChange={(event) => setForm({ ...form, reason: event.target.value })}
            />
            <FilesInput
              id="evidence"
              field={evidenceField}
              value={form.evidence}
              onChange={(ids) => setForm((before) => ({ ...before, evidence: (ids as string[] | null) ?? [] }))}
              onBlur={() => undefined}
              isInvalid={false}
              isDisabled={false}
            />
          </section>
        </div>
        <aside className="x-card p-block">
          <h2>将由谁审批</h2>
          {path.data ? <FlowPath steps={stepsOf(path.data.path)} /> : <Skeleton rows={4} />}
        </aside>
      </div>
      <footer className="x-acts">
        {isOwn ? (
          <Button type="primary" disabled={form.items.length === 0} onClick={() => setSigning(true)}>
            签名提交{form.items.length > 0 && ` · ${form.items.length} 项`}
          </Button>
        ) : (
          <Button type="primary" disabled={form.items.length === 0} onClick={() => void prepare()}>
            交给本人签名{form.items.length > 0 && ` · ${form.items.length} 项`}
          </Button>
        )}
      </footer>
      {isSigning && <SignaturePad title="本人签名" onSigned={(id) => void submit(id)} onClose={() => setSigning(false)} />}
    </div>
  )
}

/** Kept on the server while it is filled in: survives the camera, a killed page and a session that ends. */
function useAutosaved(form: FormState, isOn: boolean): void {
  const first = useRef(true)
  useEffect(() => {
    if (first.current || !isOn) {
      first.current = false
      return
    }
    const timer = setTimeout(() => void api.put(autosave, { value: form }).catch(() => undefined), 700)
    return () => clearTimeout(timer)
  }, [form, isOn])
}

export default definePage({ title: '申请手术授权', path: '/privileges/application', component: ApplicationPage })
