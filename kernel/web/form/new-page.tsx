import {
  isMomentWord,
  type MomentWord,
  formatInstant,
  isProtected,
  kindOf,
  type AskedAnswer,
  type ClientResource,
  type Field,
  type PreparedAnswer,
  type PreviewAnswer,
  type RecordAnswer,
} from '#model'
import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useLocation, useParams } from 'react-router'
import { addressOf, api, newId } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { carriedChoice, ChoosePeople, lackOfChoice, type Chosen } from '../approvals/choose-people.tsx'
import { carried, nothingSaid } from '../approvals/said.ts'
import { SubmitRemark } from '../approvals/submit-remark.tsx'
import { useSending } from '../approvals/use-sending.tsx'
import { ApiError } from '../api/problem.ts'
import { useAsked, useForgetCampaigns } from '../campaigns/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider, useTitle } from '../fields/index.ts'
import { AlsoChoicesContext, type AlsoChoices } from '../fields/also-choices.tsx'
import { titlesOfBundle, useBundle, type Bundle, type BundleEntry } from '../flows/bundle.ts'
import '../flows/flows.css'
import { FlowPreview } from '../flow/record-flow.tsx'
import { preparedKey } from '../flows/use-prepared.ts'
import { mergedTitles } from '../list/use-list.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { readDraft, type Draft } from './autosave.ts'
import { FormFrame } from './form-frame.tsx'
import { FormStore } from './form-store.ts'
import { isOwnHand, useOther } from './other.ts'

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
  const asked = new URLSearchParams(useLocation().search)
  const [copyOf, togetherId, preparedId] = [asked.get('copy'), asked.get('together'), asked.get('prepared')]
  const copied = useQuery({
    queryKey: ['record', resource.name, copyOf],
    queryFn: ({ signal }) => api.get<RecordAnswer>(`/api/records/${resource.name}/${copyOf}`, {}, signal),
    enabled: copyOf !== null,
    staleTime: Infinity,
  })
  const prepared = useQuery({
    queryKey: [...preparedKey, preparedId],
    queryFn: ({ signal }) => api.get<PreparedAnswer>(`/api/prepared/${preparedId}`, {}, signal),
    enabled: preparedId !== null,
    staleTime: Infinity,
    retry: false,
  })
  const campaign = useAsked(asked.get('campaign'))
  const bundle = useBundle()
  // Asked each time: somebody else may have taken the last.
  const limits = useQuery({
    queryKey: ['limits', resource.name],
    queryFn: ({ signal }) => api.get<{ problem: string | null }>(`/api/records/${resource.name}/limits`, {}, signal),
    enabled: resource.isLimited === true,
    staleTime: 0,
    gcTime: 0,
  })
  if (limits.data?.problem)
    return (
      <div className="x-page">
        <PageHead title={`新建${resource.label}`} />
        <Notice kind="slow" title="现在不能新建" text={limits.data.problem} />
      </div>
    )
  if (campaign.error) return <Failed error={campaign.error} retry={() => void campaign.refetch()} />
  if (prepared.error) return <Failed error={prepared.error} retry={() => void prepared.refetch()} />
  if (
    draft.isPending ||
    (resource.isLimited && limits.isPending) ||
    (copyOf && copied.isPending) ||
    (preparedId && prepared.isPending) ||
    campaign.isLoading ||
    bundle.isPending
  )
    return <Skeleton />
  const entry = bundle.entries.find((one) => one.id === togetherId && one.resource === resource.name) ?? null
  const values = entry?.draft ?? prepared.data?.draft ?? (copied.data ? copyable(resource, copied.data.record) : null)
  return (
    <TitlesProvider titles={mergedTitles([copied.data?.titles ?? {}, prepared.data?.titles ?? {}, titlesOfBundle(bundle.entries)])}>
      <AlsoChoicesContext value={alsoOf(bundle.entries, togetherId)}>
        <NewForm
          key={round}
          bundle={bundle}
          entry={entry}
          prepared={prepared.data ?? null}
          campaign={campaign.data ?? null}
          resource={resource}
          form={form}
          copied={values}
          draft={values ? null : (draft.data ?? null)}
          onDiscard={() => setRound(round + 1)}
        />
      </AlsoChoicesContext>
    </TitlesProvider>
  )
}

function NewForm({
  resource,
  form,
  draft,
  copied,
  bundle,
  entry,
  prepared,
  campaign,
  onDiscard,
}: {
  resource: ClientResource
  form: string
  draft: Draft | null
  /** The values of an ended request that is asked for once more. */
  copied: Readonly<Record<string, unknown>> | null
  /** What waits to be submitted together, and the one of them that is being filled in. */
  bundle: Bundle
  entry: BundleEntry | null
  /** What somebody has filled in for me: I sign it. */
  prepared: PreparedAnswer | null
  /** Whose answer it will be. */
  campaign: AskedAnswer | null
  onDiscard: () => void
}) {
  const { person, today } = useMe()
  const { search } = useLocation()
  const store = useMemo(
    () =>
      new FormStore(
        resource,
        {},
        {
          ...defaultsOf(resource.fields, { today, now: new Date().toISOString(), me: person?.id, myUnit: person?.unit ?? undefined }),
          ...givenIn(search, resource),
          ...copied,
          ...draft?.changes,
        },
      ),
    // The address is read once: a form half filled does not start again.
    // oxlint-disable-next-line react/exhaustive-deps
    [resource, draft, today, person?.id, person?.unit],
  )
  const actId = useRef(newId())
  const forgetCampaigns = useForgetCampaigns()
  const line = campaign?.line
  const back = line ? { to: `/campaigns/${line}` } : {}
  const [asked, setAsked] = useState<PreviewAnswer['choose']>([])
  const [chosen, setChosen] = useState<Chosen>(entry?.chosen ?? {})
  const [isChecked, setChecked] = useState(false)
  const [said, setSaid] = useState(nothingSaid)
  const { sent, asking } = useSending(resource.label)
  const other = useOther(store)
  const otherName = useTitle('directory.person', other ?? '')
  /** Where the flow lets the applicant choose who decides, he has to. */
  function needChosen(): void {
    setChecked(true)
    const [missing] = asked.flatMap((one) => lackOfChoice(one, chosen) ?? [])
    if (!missing) return
    requestAnimationFrame(() => document.querySelector('.x-choose-people .x-problem')?.scrollIntoView({ block: 'center' }))
    throw new ApiError({ type: 'about:blank', code: 'invalid', title: missing, status: 422 })
  }
  /** Nothing is sent: it waits with the others that are to be submitted as one. */
  async function putTogether() {
    needChosen()
    const draft = store.filled()
    const name = draft[resource.title]
    const title = typeof name === 'string' && name ? name : resource.label
    const mine: BundleEntry = {
      id: entry?.id ?? newId(),
      resource: resource.name,
      draft,
      title,
      at: new Date().toISOString(),
      ...carriedChoice(asked, chosen),
    }
    const others = bundle.entries.filter((one) => one.id !== mine.id)
    if (others.length >= 50) throw new ApiError({ type: 'about:blank', code: 'tooMany', title: '一次最多一起提交 50 份', status: 413 })
    await bundle.keep(entry ? bundle.entries.map((one) => (one.id === mine.id ? mine : one)) : [...others, mine])
    return { id: mine.id, said: '已放到“一起提交”', to: '/me/together' }
  }
  /** Filled in for somebody else, who alone signs and submits it. */
  async function prepare() {
    const { id } = await api.post<{ id: string }>(`/api/prepared/${resource.name}`, { draft: store.filled() })
    return { id, said: '已填好，等本人签名提交', to: '/me/prepared' }
  }
  async function submit() {
    needChosen()
    const path = addressOf(`/api/records/${resource.name}`, { campaign: line })
    try {
      if (!resource.approval) {
        const { record } = await api.post<RecordAnswer>(path, store.filled(), actId.current)
        return { id: record.id, said: line ? '已填报' : '已保存', ...back }
      }
      const body = {
        draft: store.filled(),
        actId: actId.current,
        ...carried(said),
        ...carriedChoice(asked, chosen),
        ...(prepared ? { prepared: prepared.id } : {}),
      }
      return {
        id: (
          await sent((further) =>
            api.post<{ record: string }>(
              addressOf(`/api/flows/submit/${resource.name}`, { campaign: line }),
              { ...body, ...further },
              actId.current,
            ),
          )
        ).record,
        said: '已提交审批',
        ...back,
      }
    } catch (error) {
      // Answered means not done: what is mended next is another act. Unanswered may be done, and is asked again under its name.
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      throw error
    } finally {
      if (line) forgetCampaigns()
    }
  }
  return (
    <>
      {asking}
      <FormFrame
        title={campaign?.title ?? `新建${resource.label}`}
        above={
          campaign && (
            <Alert
              type="info"
              showIcon
              title={`填报任务“${campaign.title}”，截止 ${formatInstant(campaign.due)}`}
              description={campaign.forUnit ? `代 ${campaign.forUnit} 填报` : undefined}
            />
          )
        }
        form={form}
        resource={resource}
        store={store}
        version={null}
        draft={draft}
        submitLabel={other ? '交本人签名' : resource.approval && !entry ? '提交审批' : '保存'}
        submit={other ? prepare : entry ? putTogether : submit}
        isLeft={other ? (key) => isOwnHand(store, key) : undefined}
        {...(resource.approval && !entry && !other && !prepared && !campaign
          ? { also: { label: '与其他申请一起提交', run: putTogether } }
          : {})}
        {...(entry ? { backTo: '/me/together' } : {})}
        aside={
          resource.approval && (
            <>
              {prepared && <Alert className="x-prepared-notice" type="info" showIcon title={`由 ${prepared.byName} 代填，请核对后提交`} />}
              {other && (
                <Alert
                  className="x-prepared-notice"
                  type="info"
                  showIcon
                  title={`代${otherName ?? '他人'}填写：填好后由本人核对、签名提交`}
                />
              )}
              {!entry && !other && <SubmitRemark label="附言" value={said} onChange={setSaid} />}
              <Preview store={store} onAsked={setAsked}>
                {!other && <ChoosePeople asked={asked} value={chosen} onChange={setChosen} isChecked={isChecked} />}
              </Preview>
            </>
          )
        }
        onDiscardDraft={onDiscard}
      />
    </>
  )
}

/** The others of the bundle may be pointed at. */
function alsoOf(entries: readonly BundleEntry[], own: string | null): AlsoChoices {
  const others = entries.filter(({ id }) => id !== own)
  return Object.fromEntries(others.map(({ resource }) => [resource, others.filter((one) => one.resource === resource)]))
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
            Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'id' && !resource.masked.includes(`${key}.${column}`))),
          )
        : record[key],
    ]),
  )
}

/** The way of the approval depends on whose record it is, and on the choices made. */
function Preview({
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

/** `words`: what the day, the person and his unit are called in declarations. */
function defaultsOf(fields: Readonly<Record<string, Field>>, words: Partial<Record<MomentWord, unknown>>): Record<string, unknown> {
  const given = Object.entries(fields).filter(([, field]) => field.default !== undefined)
  return Object.fromEntries(
    given.map(([key, field]) => {
      return [key, isMomentWord(field, field.default) ? (words[field.default] ?? null) : field.default]
    }),
  )
}
/** `?practitioner=<id>`: a link from a person's file opens the form with the person in it; `?on=2026-11-05` from a calendar with the day. */
function givenIn(search: string, resource: ClientResource): Record<string, unknown> {
  const given = [...new URLSearchParams(search)].filter(([key]) => resource.fields[key] && !isProtected(resource.fields[key]))
  return Object.fromEntries(given.map(([key, text]) => [key, fromText(resource.fields[key]!, text)]))
}
/** What is no text travels as JSON. */
function fromText(field: Field, text: string): unknown {
  if (kindOf(field).schema(field)['type'] === 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
