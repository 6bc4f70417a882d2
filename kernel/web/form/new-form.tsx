import { formatInstant, type AskedAnswer, type ClientResource, type PreparedAnswer, type PreviewAnswer, type RecordAnswer } from '#model'
import { Alert } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { addressOf, api, newId } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { carriedChoice, ChoosePeople, lackOfChoice, type Chosen } from '../approvals/choose-people.tsx'
import { carried, nothingSaid } from '../approvals/said.ts'
import { SubmitRemark } from '../approvals/submit-remark.tsx'
import { useSending } from '../approvals/use-sending.tsx'
import { ApiError } from '../api/problem.ts'
import { useForgetCampaigns } from '../campaigns/hooks.ts'
import { useTitle } from '../fields/index.ts'
import type { Bundle, BundleEntry } from '../flows/bundle.ts'
import '../flows/flows.css'
import type { Draft } from './autosave.ts'
import { FormFrame } from './form-frame.tsx'
import { FormStore } from './form-store.ts'
import { Preview } from './new-preview.tsx'
import { defaultsOf, givenIn } from './new-values.ts'
import { isOwnHand, useOther } from './other.ts'

/** A new record: kept as it is written, saved, submitted, put together with others, or handed to whose it is. */
export function NewForm({
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
  const whose = useOther(store)
  // A campaign asks for what is one's own: it is not filled in for another.
  const other = campaign ? null : whose
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
