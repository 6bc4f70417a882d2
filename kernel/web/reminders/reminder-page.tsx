import { MoreOutlined } from '@ant-design/icons'
import { filterWords, sayReminder, type Reminder, type ReminderDetail, type ReminderItem } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { CatalogWith, useCatalog } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/titles.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { TabsLine } from '../parts/tabs-line.tsx'
import { useUnsaved } from '../shell/page-context.tsx'
import { useAddress } from '../parts/use-address.ts'
import { Form } from './form.tsx'
import { NewReminder } from './new-reminder.tsx'
import { Preview, whenWords } from './preview.tsx'
import { OnSwitch, Origin } from './reminders-page.tsx'
import { Runs, Versions } from './runs.tsx'
import { remindersKey, usePreview } from './use-reminder.ts'
import './reminders.css'

/** 提醒设置: one reminder, as the sentence that it means, with who would be told beside it. */
export default function ReminderPage() {
  const { name = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: [...remindersKey, name, 'open'],
    queryFn: ({ signal }) => api.get<ReminderDetail>(`/api/reminders/${encodeURIComponent(name)}`, {}, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  if (!data)
    return (
      <div className="x-page">
        <PageHead title="提醒设置" />
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton rows={8} />}
      </div>
    )
  return (
    <CatalogWith types={data.types}>
      <TitlesProvider titles={{ 'directory.person': Object.fromEntries(data.people.map((one) => [one.name, one.label])) }}>
        <Open key={`${data.name} ${data.version}`} opened={data} />
      </TitlesProvider>
    </CatalogWith>
  )
}

const tabs = [
  { key: '', label: '设置' },
  { key: 'runs', label: '执行记录' },
  { key: 'versions', label: '版本' },
]
function Open({ opened }: { opened: ReminderDetail }) {
  const [get, put] = useAddress()
  const [draft, setDraft] = useState(opened.definition)
  const [isSaving, setSaving] = useState(false)
  const client = useQueryClient()
  const { message } = App.useApp()
  const shown = tabs.find(({ key }) => key === get('tab'))?.key ?? ''
  const isChanged = JSON.stringify(draft) !== JSON.stringify(opened.definition)
  const { name } = opened
  const path = `/api/reminders/${encodeURIComponent(name)}`
  useUnsaved(isChanged)
  const reload = () => client.invalidateQueries({ queryKey: remindersKey })
  async function act(work: () => Promise<unknown>, done: string) {
    setSaving(true)
    try {
      await work()
      await reload()
      void message.success(done)
    } catch (error) {
      void message.error(
        error instanceof ApiError && error.fieldProblems.length ? `请先改好：${error.fieldProblems[0]!.message}` : messageOf(error),
      )
    }
    setSaving(false)
  }
  const keep = () => api.put(path, { version: opened.version, definition: draft })
  const save = () => act(keep, '已保存')
  const open = () => act(() => keep().then(() => api.post(`${path}/switch`, { isOn: true })), '已保存并打开')
  const back = (to: number | 'program') => act(() => api.post(`${path}/back`, { to, version: opened.version }), '已恢复')
  return (
    <div className="x-page">
      <PageHead
        title={opened.label}
        tab={`提醒 · ${opened.label}`}
        hint={<Origin item={opened} />}
        acts={
          <>
            <OnSwitch item={opened} />
            <Menu opened={opened} act={act} onBack={back} />
          </>
        }
      />
      <TabsLine tabs={tabs} shown={shown} onShow={(tab) => put({ tab })} />
      {shown === 'runs' ? (
        <Runs name={name} resource={opened.resource} />
      ) : shown === 'versions' ? (
        <Versions name={name} onBack={(version) => void back(version)} />
      ) : (
        <Editor opened={opened} draft={draft} onChange={setDraft} />
      )}
      {isChanged && (
        <footer className="r-save">
          <span className="x-faint">有改动还没有保存{opened.isOn && '，保存后立即生效'}</span>
          <Button onClick={() => setDraft(opened.definition)}>还原</Button>
          <Button {...(opened.isOn ? { type: 'primary' } : {})} loading={isSaving} onClick={() => void save()}>
            保存
          </Button>
          {!opened.isOn && (
            <Button type="primary" loading={isSaving} onClick={() => void open()}>
              保存并打开
            </Button>
          )}
        </footer>
      )}
    </div>
  )
}
function Editor({ opened, draft, onChange }: { opened: ReminderDetail; draft: Reminder; onChange: (draft: Reminder) => void }) {
  const { preview, problems, error, isAsking } = usePreview(draft)
  const sentence = useSentence(opened, draft)
  return (
    <div className="r-edit">
      <div>
        <p className="x-card r-sentence" role="note" aria-label="这个提醒的意思">
          {sentence}
          {preview && !preview.obstacle && (
            <small>
              试看：{whenWords(preview, opened.isOn)}提醒 {preview.people} 人，{preview.messages} 条
            </small>
          )}
        </p>
        <Form opened={opened} draft={draft} problems={problems} onChange={onChange} />
      </div>
      <aside>
        <Preview preview={preview} problems={problems} error={error} isAsking={isAsking} isOn={opened.isOn} />
      </aside>
    </div>
  )
}
/** What stands in the editor, as people would say it. */
function useSentence(opened: ReminderDetail, draft: Reminder): string {
  const catalog = useCatalog()
  const { medicalOffice } = useMe().hospital
  const resource = catalog.resource(opened.resource)
  if (!resource) return opened.sentence
  const among = (list: ReminderDetail['roles'], name: string) =>
    list.find((one) => one.name === name)?.label.replaceAll('{medicalOffice}', medicalOffice) ?? '（未选择）'
  const found = (path: string) => catalog.find(resource, path)
  const said = sayReminder(draft, {
    type: opened.typeLabel,
    date: (path) => found(path)?.label ?? '（未选择日期）',
    field: (key) => found(key)?.label ?? '（未选择）',
    role: (name) => among(opened.roles, name),
    rule: (name) => among(opened.rules, name),
    person: (id) => opened.people.find((one) => one.name === id)?.label ?? '所选人员',
    filter: (filter) => filterWords(filter, found, () => '…'),
  })
  return JSON.stringify(draft) === JSON.stringify(opened.definition) ? opened.sentence : said
}

interface MenuOf {
  opened: ReminderDetail
  act: (work: () => Promise<unknown>, done: string) => Promise<void>
  onBack: (to: 'program') => Promise<void>
}
function Menu({ opened, act, onBack }: MenuOf) {
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [isCopying, setCopying] = useState(false)
  const { name, label, from, isOn } = opened
  const path = `/api/reminders/${encodeURIComponent(name)}`
  const remove = () =>
    modal.confirm({
      title: `删除提醒“${label}”？`,
      content: '已经发出的消息保留，还没有办的待办会关闭。',
      okText: '删除提醒',
      okButtonProps: { danger: true },
      cancelText: '取消',
      onOk: async () => {
        await api.delete(path)
        void client.invalidateQueries({ queryKey: remindersKey })
        await navigate('/reminders')
      },
    })
  const items: MenuProps['items'] = [
    {
      key: 'run',
      label: '立即执行一次',
      disabled: !isOn,
      onClick: () => void act(() => api.post(`${path}/run`), '几秒内开始执行，已提醒过的不会重复'),
    },
    { key: 'copy', label: '复制', onClick: () => setCopying(true) },
    ...(from === 'changed' ? [{ key: 'back', label: '恢复系统原版', onClick: () => void onBack('program') }] : []),
    ...(from === 'hospital' ? [{ key: 'delete', label: '删除', danger: true, onClick: remove }] : []),
  ]
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button icon={<MoreOutlined />} aria-label="更多操作" />
      </Dropdown>
      {isCopying && <NewReminder reminders={[opened satisfies ReminderItem]} copyOf={name} onClose={() => setCopying(false)} />}
    </>
  )
}
