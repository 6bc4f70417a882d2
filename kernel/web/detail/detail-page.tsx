import { MoreOutlined } from '@ant-design/icons'
import { formatInstant, type ClientResource, type RecordAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, Input } from 'antd'
import { Fragment, useState, type ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { api, newId } from '../api/client.ts'
import { forgetRecord, useMe, useRecord } from '../api/hooks.ts'
import { useWatch } from '../api/live.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { useSending } from '../approvals/use-sending.tsx'
import { useButtons } from '../buttons/use-buttons.tsx'
import { useCatalog, useResource } from '../definitions/use-catalog.tsx'
import { EmergencyBanner } from '../emergency/emergency-banner.tsx'
import { OfferEmergency } from '../emergency/offer-emergency.tsx'
import { TitlesProvider, useTitle } from '../fields/index.ts'
import { RecordFlow, useApproval, useFlowAct } from '../flow/record-flow.tsx'
import { panelsOf } from '../pages.ts'
import { PageHead } from '../parts/page-head.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { FollowStar, useRecordSharing } from '../sharing/record-sharing.tsx'
import { TimelineTab } from '../since/timeline-tab.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Excerpts, TalkSection, useTalkCount } from '../talk/section.tsx'
import { ChapterBody, chaptersOf } from './chapter.tsx'
import { History } from './history.tsx'
import { RecordFields } from './record-fields.tsx'
import { StateTag, titleOfRecord } from './record-title.tsx'
import { Pointing, PointingList, pointingOf } from './pointing.tsx'
import { RelatedList, relationsOf } from './related.tsx'
import { Reminded } from './reminded.tsx'

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

/** More of the hospital's own buttons than so many stand in the menu. */
const mostBeside = 3
/** Is there anything to fill in? Some records are changed by buttons alone. */
const hasOpenField = ({ fields, readOnly }: ClientResource): boolean =>
  Object.entries(fields).some(([key, field]) => !field.readOnly && !field.derived && !readOnly.includes(key))
/** What the answer allows, and nothing else. */
function useActs(
  resource: ClientResource,
  answer: RecordAnswer,
): { main: ReactNode; menu: ReactNode; buttons: ReactNode[]; asking: ReactNode } {
  const { record } = answer
  const navigate = useNavigate()
  const client = useQueryClient()
  const { modal, message } = App.useApp()
  const isPhone = useIsPhone()
  const path = `/api/records/${resource.name}/${record.id}`
  const sharing = useRecordSharing(resource, record)
  const isGeneric = resource.writtenBy !== 'module'
  const me = useMe().person?.id
  const isSomebodyElse = (resource.owner.person === 'id' || resource.name === 'directory.person') && record.id !== me
  const my = useApproval(record.flow?.instance).data?.my
  const act = useFlowAct(record.flow?.instance ?? '')
  const { sent, asking } = useSending(`删除“${titleOfRecord(resource, answer)}”`)
  async function run(act: () => Promise<unknown>, done: string, then?: () => void) {
    try {
      await act()
      message.success(done)
      forgetRecord(client, resource.name, record.id)
      then?.()
    } catch (error) {
      const groups = pointingOf(error)
      if (groups)
        modal.warning({
          title: messageOf(error),
          content: (
            <div className="x-pointing">
              <PointingList groups={groups} isDeleted />
            </div>
          ),
        })
      else message.error(messageOf(error))
    }
  }
  const remove = () =>
    modal.confirm({
      title: `删除“${titleOfRecord(resource, answer)}”？`,
      content: (
        <>
          删除后进入回收站，可以恢复。
          <Pointing resource={resource.name} id={record.id} />
        </>
      ),
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () =>
        run(
          () => api.delete(path, { version: record.version }),
          '已移入回收站',
          () => void navigate(`/r/${resource.name}`),
        ),
    })
  const withdraw = () =>
    modal.confirm({
      title: '撤回这项申请？',
      content: '审批到此结束，已作出的意见仍留在记录里。',
      okText: '撤回',
      okButtonProps: { danger: true },
      onOk: () => run(() => act({ kind: 'withdraw', seenVersion: record.version }), '已撤回'),
    })
  /** An act for which a reason is given, with what points at the record in sight. */
  const askReason = (title: string, okText: string, act: (reason: string) => Promise<void>) => {
    let reason = ''
    modal.confirm({
      title,
      content: (
        <>
          <Input.TextArea
            aria-label="理由"
            placeholder="理由（必填）"
            maxLength={500}
            onChange={(event) => (reason = event.target.value)}
          />
          <Pointing resource={resource.name} id={record.id} isDeleted={record.deletedAt !== null} />
        </>
      ),
      okText,
      okButtonProps: { danger: true },
      // Closed at once: the act may ask for more.
      onOk: (close: () => void) => {
        if (!reason.trim()) return void message.error('请填写理由')
        close()
        void act(reason.trim())
      },
    })
  }
  const purge = () =>
    askReason(`彻底删除“${titleOfRecord(resource, answer)}”？此后不能恢复`, '彻底删除', (reason) =>
      run(
        () => api.post(`${path}/purge`, { reason }),
        '已彻底删除',
        () => void navigate(`/r/${resource.name}?deleted=1`),
      ),
    )
  const askDeletion = () => {
    const asked = { actId: newId(), seenVersion: record.version }
    askReason(`申请删除“${titleOfRecord(resource, answer)}”`, '提交申请', (reason) =>
      run(
        () => sent((further) => api.post(`/api/flows/delete/${resource.name}/${record.id}`, { ...asked, reason, ...further })),
        '已提交，批准后删除',
      ),
    )
  }
  const restore = () => void run(() => api.post(`${path}/restore`, { version: record.version }), '已恢复')
  const { buttons, asking: buttonAsks } = useButtons(resource, record)
  const few = buttons.slice(0, mostBeside)
  const items = [
    ...buttons.slice(mostBeside).map(({ button, press }) => ({ key: `button ${button.name}`, label: button.label, onClick: press })),
    ...(record.deletedAt
      ? []
      : [{ key: 'print', label: '打印', onClick: () => void navigate(`/print/${resource.name}?ids=${record.id}`) }]),
    {
      key: 'link',
      label: '复制链接',
      onClick: () => void navigator.clipboard?.writeText(location.href).then(() => message.success('已复制')),
    },
    ...sharing.items,
    ...(isSomebodyElse ? [{ key: 'talk', label: '发消息', onClick: () => void navigate(`/talk?with=${record.id}`) }] : []),
    ...(my?.acts.withdraw ? [{ key: 'withdraw', label: '撤回申请', danger: true, onClick: withdraw }] : []),
    ...(isGeneric && record.may?.requestDeletion
      ? [{ key: 'requestDeletion', label: '申请删除', danger: true, onClick: askDeletion }]
      : []),
    ...(isGeneric && record.may?.writeDirectly
      ? [{ key: 'directly', label: '直接修改（免审批）', onClick: () => void navigate(`/r/${resource.name}/${record.id}/edit?directly=1`) }]
      : []),
    ...(record.may?.purge ? [{ key: 'purge', label: '彻底删除', danger: true, onClick: purge }] : []),
    ...(isGeneric && record.may?.delete ? [{ key: 'delete', label: '删除', danger: true, onClick: remove }] : []),
  ]
  const menu = (
    <Dropdown key="menu" menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button key="more" type={isPhone ? 'text' : 'default'} icon={<MoreOutlined />} aria-label="更多操作" />
    </Dropdown>
  )
  const task = my?.task
  const main = task ? (
    <Button key="task" type="primary" onClick={() => void navigate(`/approvals/${record.flow?.instance}`)}>
      去处理
    </Button>
  ) : my?.acts.resubmit ? (
    <Button key="resubmit" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      修改并重新提交
    </Button>
  ) : isGeneric && record.may?.restore && record.deletedAt ? (
    <Button key="restore" type="primary" onClick={restore}>
      恢复
    </Button>
  ) : isGeneric && record.may?.requestChange ? (
    <Button key="change" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      申请变更
    </Button>
  ) : isGeneric && record.may?.update && !record.deletedAt && hasOpenField(resource) ? (
    <Button key="edit" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      编辑
    </Button>
  ) : null
  const dialogs = (
    <>
      {asking}
      {buttonAsks}
      {sharing.dialogs}
    </>
  )
  const beside = few.map(({ button, press }) => (
    <Button key={button.name} onClick={press}>
      {button.label}
    </Button>
  ))
  return { main, menu, buttons: beside, asking: dialogs }
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
