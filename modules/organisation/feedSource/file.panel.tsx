import { UploadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Spin, Switch, Tag } from 'antd'
import { useState } from 'react'
import { tableEndings, type TableAnswer } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { useRecord } from '#kernel/web/api/hooks.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { DownloadButton } from '#kernel/web/parts/download-button.tsx'
import { FileButton } from '#kernel/web/parts/file-button.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { useBusy } from '#kernel/web/parts/use-busy.ts'
import { readPeopleFile, type PeopleFile } from '../feed/columns.rules.ts'
import type { FeedAnswer, FeedTrial } from '../feed/feed.rules.ts'
import { Done, Preview } from './preview.tsx'
import './file.css'

/** People by a file where the other system cannot send them: looked at first, then told in the same way. */
function PeopleByFile({ resource: name, id }: { resource: string; id: string }) {
  const query = useRecord(name, id)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={2} />
  const { record } = query.data
  if (record['isStopped']) return <p className="x-why">这个对接来源已停用。</p>
  return <File code={String(record['code'])} />
}
interface Looked {
  name: string
  read: PeopleFile
  trial: FeedTrial | null
}
function File({ code }: { code: string }) {
  const client = useQueryClient()
  const [looked, setLooked] = useState<Looked | null>(null)
  const [isFull, setFull] = useState(false)
  const [done, setDone] = useState<FeedAnswer | null>(null)
  const { isBusy, busily } = useBusy()
  const address = `/api/organisation/feeds/${code}`
  async function look(file: string, read: PeopleFile, full: boolean): Promise<void> {
    const trial = read.problems.length ? null : await api.post<FeedTrial>(`${address}/people`, { people: read.people, full, trial: true })
    setFull(full)
    setLooked({ name: file, read, trial })
  }
  const open = (file: globalThis.File) =>
    busily(async () => {
      setDone(null)
      setLooked(null)
      const form = new FormData()
      form.append('file', file, file.name)
      const { rows, at } = await api.post<TableAnswer>('/api/tables', form)
      await look(file.name, readPeopleFile(rows, at), false)
    })
  const carryOut = ({ read }: Looked) =>
    busily(async () => {
      setDone(await api.post<FeedAnswer>(`${address}/people`, { people: read.people, full: isFull }))
      setLooked(null)
      void client.invalidateQueries()
    })
  return (
    <Spin spinning={isBusy}>
      <div className="ff-file">
        <p className="x-muted">要有一行列名，其中“工号”和“姓名”必须有；工号列请设为文本，以免丢失前面的零。先看会怎样，确认后才执行。</p>
        <div className="ff-acts">
          <FileButton label="人员文件" accept={tableEndings} icon={<UploadOutlined />} onFile={(file) => void open(file)}>
            选择文件
          </FileButton>
          <DownloadButton href={`${address}/template`} label="下载模板" />
          <span className="x-faint">Excel（.xlsx）、CSV，一次最多 20000 人</span>
        </div>
        {done && <Done answer={done} />}
        {looked && <Columns looked={looked} />}
        {looked?.trial && (
          <>
            <label>
              <Switch checked={isFull} onChange={(full) => void busily(() => look(looked.name, looked.read, full))} /> 这是全部人员：文件里没有的，待确认离职
            </label>
            <Preview trial={looked.trial} />
            <div className="ff-acts">
              <Button type="primary" onClick={() => void carryOut(looked)}>
                {looked.trial.stopped ? '提交，等待确认' : '执行'}
              </Button>
              <Button onClick={() => setLooked(null)}>取消</Button>
            </div>
          </>
        )}
      </div>
    </Spin>
  )
} // prettier-ignore
const mostProblems = 20
function Columns({ looked: { name, read } }: { looked: Looked }) {
  return (
    <>
      <div className="ff-columns">
        <b>{name}</b>
        {read.columns.map(({ heading, goesTo }, i) => (
          <Tag key={i} color={goesTo ? 'blue' : undefined}>
            {goesTo === null ? `${heading}（不用）` : goesTo === heading ? heading : `${heading} → ${goesTo}`}
          </Tag>
        ))}
      </div>
      {read.problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          title="请改好文件后重新选择，什么都没有改变"
          description={[...read.problems.slice(0, mostProblems), ...(read.problems.length > mostProblems ? [`另有 ${read.problems.length - mostProblems} 处`] : [])].map((one) => <div key={one}>{one}</div>)}
        />
      )}
    </>
  )
} // prettier-ignore
export default definePanel({ label: '按文件对接', component: PeopleByFile, right: 'organisation.feed' })
