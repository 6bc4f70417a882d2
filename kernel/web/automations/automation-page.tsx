import { sayAutomation, type Automation, type AutomationDesk, type DesignAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Input } from 'antd'
import { useMemo } from 'react'
import { useParams } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { CatalogWith, useCatalog } from '../definitions/use-catalog.tsx'
import { PersonPicker } from '../fields/record-picker.tsx'
import { TitlesProvider } from '../fields/titles.tsx'
import { Setting } from '../flows/design/panel/set.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useAddress } from '../parts/use-address.ts'
import { Problem } from '../reminders/problem.tsx'
import { StudioFrame } from '../studio/studio-frame.tsx'
import { useDesign, useStudio } from '../studio/use-studio.ts'
import { VersionsTab } from '../studio/versions-tab.tsx'
import { ActsCard } from './acts-card.tsx'
import { IfCard } from './if-card.tsx'
import { Runs } from './runs.tsx'
import { Trial } from './trial.tsx'
import { apiOf, automationsKey, namesOf, type Drawing } from './use-automation.ts'
import { WhenCard } from './when-card.tsx'
import '../flows/design/design.css'
import '../reminders/reminders.css'
import './automations.css'

/** 自动化: one of them, as three cards, with what it would do beside them. */
export default function AutomationPage() {
  const { name = '' } = useParams()
  const opened = useDesign('automation', name)
  const desk = useQuery({
    queryKey: [...automationsKey, name, 'desk'],
    queryFn: ({ signal }) => api.get<AutomationDesk>(apiOf(name), {}, signal),
    staleTime: 60_000,
  })
  const error = opened.error ?? desk.error
  if (!opened.data || !desk.data)
    return (
      <div className="x-page">
        <PageHead title="自动化" />
        {error ? <Failed error={error} retry={() => (void opened.refetch(), void desk.refetch())} /> : <Skeleton rows={8} />}
      </div>
    )
  const people = Object.fromEntries(desk.data.people.map((one) => [one.name, one.label]))
  return (
    <CatalogWith types={desk.data.types}>
      <TitlesProvider titles={{ 'directory.person': people }}>
        <Bench key={name} opened={opened.data} desk={desk.data} />
      </TitlesProvider>
    </CatalogWith>
  )
}

const tabs = [
  { key: '', label: '设计' },
  { key: 'runs', label: '执行记录' },
  { key: 'versions', label: '版本' },
]
function Bench({ opened: first, desk }: { opened: DesignAnswer; desk: AutomationDesk }) {
  const studio = useStudio<Automation>(first)
  const { opened, content } = studio
  const [get, put] = useAddress()
  const client = useQueryClient()
  const shown = tabs.find(({ key }) => key === get('tab'))?.key ?? ''
  const refresh = () => void client.invalidateQueries({ queryKey: automationsKey })
  const reload = async () => {
    await studio.takeTheirs()
    refresh()
  }
  return (
    <StudioFrame studio={studio} title={content.label || '未命名的自动化'} what="这个自动化" className="a-page" list="/automations" onFault={() => put({ tab: '' })} onPublished={refresh}>
      {desk.paused && <Paused name={opened.name} why={desk.paused} onDone={reload} />}
      <TabsLine tabs={tabs} shown={shown} onShow={(tab) => put({ tab })} />
      {shown === 'runs' ? <Runs name={opened.name} /> : shown === 'versions' ? <VersionsTab kind="automation" name={opened.name} onBack={reload} /> : <Designer studio={studio} desk={desk} />}
    </StudioFrame>
  )
} // prettier-ignore
function Paused({ name, why, onDone }: { name: string; why: string; onDone: () => Promise<void> }) {
  const { message } = App.useApp()
  const resume = () =>
    api.post(apiOf(name, '/resume')).then(
      () => (void message.success('已重新启用'), onDone()),
      (error: unknown) => void message.error(messageOf(error)),
    )
  return (
    <Notice kind="fault" title={`已暂停：${why}`} text="暂停期间的事件不补做。" act={{ label: '重新启用', run: () => void resume() }} />
  )
}

function Designer({ studio, desk }: { studio: ReturnType<typeof useStudio<Automation>>; desk: AutomationDesk }) {
  const catalog = useCatalog()
  const { medicalOffice } = useMe().hospital
  const { content: automation, edit, problems, opened } = studio
  const names = useMemo(() => namesOf(desk, catalog, medicalOffice), [desk, catalog, medicalOffice])
  const typeOf = (name: string) => desk.types.find((type) => type.name === name)
  const drawing: Drawing = {
    automation,
    desk,
    names,
    typeOf,
    resource: automation.when.kind === 'webhook' || (automation.when.kind === 'schedule' && !automation.when.each) ? undefined : typeOf(automation.resource),
    problems,
    change: (part, about) => edit((before) => ({ ...before, ...part }), about),
  }
  const nameOf = (id: string) => desk.people.find((one) => one.name === id)?.label ?? '所选人员'
  return (
    <div className="r-edit a-bench">
      <div>
        <p className="x-card r-sentence" role="note" aria-label="这个自动化的意思">{sayAutomation(names, automation, nameOf)}</p>
        <section className="x-card r-part" aria-label="名称与身份">
          <div className="x-set-pair">
            <Setting label="名称">{(id) => <Input id={id} maxLength={60} value={automation.label} onChange={(event) => drawing.change({ label: event.target.value }, 'label')} />}</Setting>
            <Setting label="运行身份" hint="以此人的权限执行，不能超出发布人的权限">
              {() => <PersonPicker value={automation.runsAs} placeholder="发布人本人" onChange={(id: string | null) => drawing.change({ runsAs: id })} />}
            </Setting>
          </div>
          <Problem problems={problems} at="label" />
          <Problem problems={problems} at="runsAs" />
        </section>
        <WhenCard drawing={drawing} name={opened.name} />
        <IfCard drawing={drawing} />
        <ActsCard drawing={drawing} name={opened.name} />
      </div>
      <aside>
        <Trial name={opened.name} automation={automation} problems={problems.length} />
      </aside>
    </div>
  )
} // prettier-ignore
