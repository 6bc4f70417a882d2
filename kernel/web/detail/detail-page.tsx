import { formatInstant, type ClientResource, type RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Fragment, useState, type ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import { useMe, useRecord } from '../api/hooks.ts'
import { useWatch } from '../api/live.ts'
import { ApiError } from '../api/problem.ts'
import { useCatalog, useResource } from '../definitions/use-catalog.tsx'
import { EmergencyBanner } from '../emergency/emergency-banner.tsx'
import { OfferEmergency } from '../emergency/offer-emergency.tsx'
import { TitlesProvider, useTitle } from '../fields/index.ts'
import { RecordFlow } from '../flow/record-flow.tsx'
import { panelsOf } from '../pages.ts'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { FollowStar } from '../sharing/record-sharing.tsx'
import { TimelineTab } from '../since/timeline-tab.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Excerpts, TalkSection, useTalkCount } from '../talk/section.tsx'
import { ChapterBody, chaptersOf } from './chapter.tsx'
import { History } from './history.tsx'
import { RecordFields } from './record-fields.tsx'
import { StateTag, titleOfRecord } from './record-title.tsx'
import { Pointing } from './pointing.tsx'
import { RelatedList, relationsOf } from './related.tsx'
import { Reminded } from './reminded.tsx'
import { useActs } from './use-acts.tsx'

export default function DetailPage() {
  const { resource: name = '', id = '' } = useParams()
  const resource = useResource(name)
  const { data, error, refetch } = useRecord(name, resource ? id : undefined)
  const offer = <OfferEmergency resource={name} />
  if (!resource) return <NotFound text="没有这种记录，或者没有对你开放。">{offer}</NotFound>
  if (!data)
    return (
      <div className="x-page">
        <PageHead title={resource.label} />
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton />}
        {error instanceof ApiError && (error.status === 403 || error.status === 404) && offer}
      </div>
    )
  return (
    <TitlesProvider titles={data.titles}>
      <Detail key={id} resource={resource} answer={data} />
    </TitlesProvider>
  )
}

function Detail({ resource, answer }: { resource: ClientResource; answer: RecordAnswer }) {
  const { record } = answer
  const isPhone = useIsPhone()
  useWatch(resource.name, record.id)
  const [tab, setTab] = useState('')
  const tabs = useTabs(resource, record.id)
  const acts = useActs(resource, answer)
  const title = titleOfRecord(resource, answer)
  const shown = tabs.find(({ key }) => key === tab)
  return (
    <div className="x-page">
      <PageHead
        title={title}
        tab={title === resource.label ? title : `${resource.label} · ${title}`}
        hint={
          <>
            <FollowStar resource={resource} record={record} />
            <StateTag resource={resource} record={record} />
          </>
        }
        acts={isPhone ? acts.menu : [acts.menu, ...acts.buttons, acts.main]}
      />
      <EmergencyBanner resource={resource.name} record={record} />
      <TabsLine tabs={[{ key: '', label: '内容' }, ...tabs]} shown={tab} onShow={setTab} isPrinted={false} />
      {shown ? (
        <Fragment key={shown.key}>{shown.body}</Fragment>
      ) : (
        <div className={`x-detail ${record.flow ? 'with-flow' : ''}`}>
          <div>
            {record.mergedInto && (
              <p className="x-why" role="status">
                已合并到<Link to={`/r/${resource.name}/${record.mergedInto}`}>另一条{resource.label}</Link>
                。恢复即撤销合并，没有再改动过的引用会改回来。
              </p>
            )}
            {record.closed && (
              <p className="x-why" role="status">
                截至 {record.closed.through} 已由 {record.closed.byName} 封账，这条记录不能再改。
              </p>
            )}
            <Changing record={record} />
            <RecordFields resource={resource} record={record} />
            <Excerpts resource={resource.name} record={record.id} />
            {record.deletedAt && <Pointing resource={resource.name} id={record.id} isDeleted />}
            <Meta answer={answer} />
          </div>
          {record.flow && (
            <aside>
              <RecordFlow record={record} />
            </aside>
          )}
        </div>
      )}
      {acts.asking}
      {isPhone && (acts.main || acts.buttons.length > 0) && (
        <div className="x-phone-foot">
          {acts.buttons}
          {acts.main}
        </div>
      )}
    </div>
  )
}

interface Tab {
  key: string
  label: ReactNode
  /** An element and no component made anew: what is typed in it outlives every change of the record. */
  body: ReactNode
}
/** Tabs of modules, what belongs to the record, and its history. */
function useTabs(resource: ClientResource, id: string): Tab[] {
  const catalog = useCatalog()
  const { rights, person } = useMe()
  const said = useTalkCount({ resource: resource.name, record: id })
  const panels = useQuery({
    queryKey: ['panels', resource.name],
    queryFn: () => Promise.all(panelsOf(resource.name).map(async (load) => (await load()).default)),
    staleTime: Infinity,
  }).data
  return [
    { key: 'talk', label: said ? `沟通 ${said}` : '沟通', body: <TalkSection resource={resource.name} record={id} /> },
    ...(panels ?? [])
      .filter(({ right }) => !right || rights.includes(right))
      .map(({ label, component: Panel }) => ({ key: `panel ${label}`, label, body: <Panel resource={resource.name} id={id} /> })),
    ...chaptersOf(relationsOf(catalog, resource, id === person?.id)).map((chapter) => ({
      key: `chapter ${chapter.label}`,
      label: chapter.label,
      body: chapter.relations[0]?.resource.chapter ? (
        <ChapterBody chapter={chapter} id={id} />
      ) : (
        chapter.relations.map((relation) => <RelatedList key={relation.resource.name} relation={relation} id={id} />)
      ),
    })),
    ...(resource.timeline ? [{ key: 'timeline', label: '沿革', body: <TimelineTab resource={resource} id={id} /> }] : []),
    { key: 'reminded', label: '提醒', body: <Reminded resource={resource.name} id={id} /> },
    { key: 'history', label: '修改历史', body: <History resource={resource} id={id} /> },
  ]
}

/** Changes that still wait: the record shows what holds, and what may soon. */
function Changing({ record }: { record: RecordAnswer['record'] }) {
  if (!record.changing?.length) return null
  return (
    <div className="x-changing" role="status">
      {record.changing.map((one) => (
        <Link key={one.instance} to={`/approvals/${one.instance}`}>
          {one.occasion === 'delete' ? '删除申请' : '变更申请'}审批中 · {formatInstant(one.at).slice(5)}提交
        </Link>
      ))}
    </div>
  )
}
function Meta({ answer: { record } }: { answer: RecordAnswer }) {
  const creator = useTitle('directory.person', record.createdBy ?? '')
  const editor = useTitle('directory.person', record.updatedBy ?? '')
  return (
    <p className="x-meta">
      {creator ?? '系统'} 建立于 {formatInstant(record.createdAt)}
      {record.version > 1 && ` · ${editor ?? '系统'} 修改于 ${formatInstant(record.updatedAt)}`} · 第 {record.version} 版
    </p>
  )
}
