import type { ClientResource, PreparedAnswer, RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useParams } from 'react-router'
import { api } from '../api/client.ts'
import { useAsked } from '../campaigns/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { AlsoChoicesContext, type AlsoChoices } from '../fields/also-choices.tsx'
import { titlesOfBundle, useBundle, type BundleEntry } from '../flows/bundle.ts'
import { preparedKey } from '../flows/use-prepared.ts'
import { mergedTitles } from '../list/use-list.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { readDraft } from './autosave.ts'
import { DirectForm } from './direct-form.tsx'
import { NewForm } from './new-form.tsx'
import { copyable } from './new-values.ts'

export default function NewPage() {
  const { resource: name = '' } = useParams()
  const resource = useResource(name)
  const { search } = useLocation()
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。" />
  const isDirect = isBeside(resource, search)
  if ((!resource.may.create && !isDirect) || resource.writtenBy === 'module')
    return (
      <div className="x-page">
        <PageHead title={`新建${resource.label}`} />
        <Notice kind="noRight" title="没有权限新建" text="需要时请联系本院系统管理员。" />
      </div>
    )
  return <WithDraft key={String(isDirect)} resource={resource} isDirect={isDirect} />
}
/** Is it to be written past its approval, and may that be? */
const isBeside = ({ may, approval }: ClientResource, search: string): boolean =>
  may.writeDirectly && approval !== undefined && new URLSearchParams(search).get('directly') === '1'

function WithDraft({ resource, isDirect }: { resource: ClientResource; isDirect: boolean }) {
  const form = `${resource.name}/${isDirect ? 'directly' : 'new'}`
  const [round, setRound] = useState(0)
  const draft = useQuery({
    queryKey: ['draft', form, round],
    queryFn: ({ signal }) => readDraft(form, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  const asked = new URLSearchParams(useLocation().search)
  const line = asked.get('campaign')
  // What is filled in for a campaign is submitted by itself.
  const [copyOf, togetherId, preparedId] = [asked.get('copy'), line ? null : asked.get('together'), asked.get('prepared')]
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
  const campaign = useAsked(line)
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
  if (isDirect)
    return <DirectForm key={round} resource={resource} form={form} draft={draft.data ?? null} onDiscard={() => setRound(round + 1)} />
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

/** The others of the bundle may be pointed at. */
function alsoOf(entries: readonly BundleEntry[], own: string | null): AlsoChoices {
  const others = entries.filter(({ id }) => id !== own)
  return Object.fromEntries(others.map(({ resource }) => [resource, others.filter((one) => one.resource === resource)]))
}
