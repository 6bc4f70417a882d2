import { kindOf, type ClientResource, type Field, type RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useLocation, useParams } from 'react-router'
import { api, newId } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { carried, nothingSaid } from '../approvals/said.ts'
import { SubmitRemark } from '../approvals/submit-remark.tsx'
import { useSignature } from '../approvals/use-signature.tsx'
import { ApiError } from '../api/problem.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { FlowPreview } from '../flow/record-flow.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { readDraft, type Draft } from './autosave.ts'
import { FormFrame } from './form-frame.tsx'
import { FormStore } from './form-store.ts'

export default function NewPage() {
  const { resource: name = '' } = useParams()
  const resource = useResource(name)
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  if (!resource.may.create || resource.writtenBy === 'module')
    return (
      <div className="x-page">
        <PageHead title={`新建${resource.label}`} />
        <Notice kind="noRight" title="没有权限新建" text="需要时请联系本院系统管理员。" />
      </div>
    )
  return <WithDraft resource={resource} />
}

function WithDraft({ resource }: { resource: ClientResource }) {
  const form = `${resource.name}/new`
  const [round, setRound] = useState(0)
  const draft = useQuery({
    queryKey: ['draft', form, round],
    queryFn: ({ signal }) => readDraft(form, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  const copyOf = new URLSearchParams(useLocation().search).get('copy')
  const copied = useQuery({
    queryKey: ['record', resource.name, copyOf],
    queryFn: ({ signal }) => api.get<RecordAnswer>(`/api/records/${resource.name}/${copyOf}`, {}, signal),
    enabled: copyOf !== null,
    staleTime: Infinity,
  })
  if (draft.isPending || (copyOf && copied.isPending)) return <Skeleton />
  const values = copied.data ? copyable(resource, copied.data.record) : null
  return (
    <TitlesProvider titles={copied.data?.titles ?? {}}>
      <NewForm
        key={round}
        resource={resource}
        form={form}
        copied={values}
        draft={values ? null : (draft.data ?? null)}
        onDiscard={() => setRound(round + 1)}
      />
    </TitlesProvider>
  )
}

function NewForm({
  resource,
  form,
  draft,
  copied,
  onDiscard,
}: {
  resource: ClientResource
  form: string
  draft: Draft | null
  /** The values of an ended request that is asked for once more. */
  copied: Readonly<Record<string, unknown>> | null
  onDiscard: () => void
}) {
  const { person, today } = useMe()
  const { search } = useLocation()
  const store = useMemo(
    () =>
      new FormStore(
        resource,
        {},
        { ...defaultsOf(resource.fields, today, person?.id), ...givenIn(search, resource), ...copied, ...draft?.changes },
      ),
    // The address is read once: a form half filled does not start again.
    // oxlint-disable-next-line react/exhaustive-deps
    [resource, draft, today, person?.id],
  )
  const actId = useRef(newId())
  const [said, setSaid] = useState(nothingSaid)
  const { signed, pad } = useSignature(resource.label)
  async function submit() {
    const path = `/api/records/${resource.name}`
    try {
      if (!resource.approval) return { id: (await api.post<RecordAnswer>(path, store.filled(), actId.current)).record.id, said: '已保存' }
      const body = { draft: store.filled(), actId: actId.current, ...carried(said) }
      return {
        id: (
          await signed((signature) =>
            api.post<{ record: string }>(`/api/flows/submit/${resource.name}`, { ...body, ...signature }, actId.current),
          )
        ).record,
        said: '已提交审批',
      }
    } catch (error) {
      // Answered means not done: what is mended next is another act. Unanswered may be done, and is asked again under its name.
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      throw error
    }
  }
  return (
    <>
      {pad}
      <FormFrame
        title={`新建${resource.label}`}
        form={form}
        resource={resource}
        store={store}
        version={null}
        draft={draft}
        submitLabel={resource.approval ? '提交审批' : '保存'}
        submit={submit}
        aside={
          resource.approval && (
            <>
              <SubmitRemark label="附言" value={said} onChange={setSaid} />
              <Preview store={store} />
            </>
          )
        }
        onDiscardDraft={onDiscard}
      />
    </>
  )
}

/** What a new request takes over from an old one: what people write, never numbers, signatures or ids of lines. */
function copyable(resource: ClientResource, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(resource.fields).filter(
    ([key, field]) => !field.readOnly && !kindOf(field).notCopied && record[key] != null && !resource.masked.includes(key),
  )
  return Object.fromEntries(
    fields.map(([key, field]) => [
      key,
      field.kind === 'rows'
        ? (record[key] as Record<string, unknown>[]).map((row) =>
            Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'id')),
          )
        : record[key],
    ]),
  )
}

/** The way of the approval depends on whose record it is, and on the choices made. */
function Preview({ store }: { store: FormStore }) {
  const { resource } = store
  const deciding = Object.entries(resource.fields).filter(
    ([key, field]) => Object.values(resource.owner).includes(key) || field.kind === 'choice',
  )
  const text = useSyncExternalStore(
    (listener) => store.subscribe('*', listener),
    () => JSON.stringify(deciding.map(([key]) => [key, store.state(key).value])),
  )
  const draft = useMemo(() => Object.fromEntries((JSON.parse(text) as [string, unknown][]).filter(([, value]) => value !== null)), [text])
  return <FlowPreview resource={resource.name} draft={draft} />
}

function defaultsOf(fields: Readonly<Record<string, Field>>, today: string, me: string | undefined): Record<string, unknown> {
  const words: Readonly<Record<string, unknown>> = { today, me }
  const given = Object.entries(fields).filter(([, field]) => field.default !== undefined)
  return Object.fromEntries(
    given.map(([key, field]) => {
      return [key, typeof field.default === 'string' ? (words[field.default] ?? field.default) : field.default]
    }),
  )
}
/** `?practitioner=<id>`: a link from a person's file opens the form with the person in it. */
function givenIn(search: string, resource: ClientResource): Record<string, unknown> {
  return Object.fromEntries([...new URLSearchParams(search)].filter(([key]) => resource.fields[key] && !resource.fields[key].sensitive))
}
