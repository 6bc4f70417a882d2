import { DownloadOutlined } from '@ant-design/icons'
import { designKinds } from '#kernel/model/designs/index.ts'
import { formatInstant, libraryCategories, libraryStates, type LibraryAnswer, type LibraryPlace } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { AskReason } from '../parts/ask-reason.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { ImportDesigns, meetings } from '../studio/import-designs.tsx'
import { libraryKey, useLibraryForm } from './hooks.ts'
import './library.css'

/** One form of a library: what it is for, what is in it, how it meets what is here; taken from here, and decided on where it is this hospital's library. */
export default function LibraryFormPage() {
  const { place = '', id = '' } = useParams()
  if (place !== 'own' && place !== 'other') return <div className="x-page"><Notice kind="notFound" title="没有这个表单库" /></div>
  return <Form place={place} id={id} />
} // prettier-ignore
function Form({ place, id }: { place: LibraryPlace; id: string }) {
  const { data, error, refetch } = useLibraryForm(place, id)
  if (!data)
    return (
      <div className="x-page">
        <PageHead title="表单库" />
        {error ? <div className="x-card"><Failed error={error} retry={() => void refetch()} /></div> : <Skeleton rows={6} />}
      </div>
    )
  const { item, lines } = data
  const { label, tone } = libraryStates[item.status]
  return (
    <div className="x-page">
      <PageHead title={item.name} hint={<Tag tone={tone}>{label}</Tag>} acts={<Acts place={place} data={data} />} />
      <section className="x-card l-about">
        <p className="l-words">{item.purpose}</p>
        <dl>
          <dt>提供医院</dt><dd>{item.hospital}</dd>
          <dt>分类</dt><dd>{libraryCategories[item.category]}</dd>
          <dt>版次</dt><dd>第 {item.version} 版，{formatInstant(item.at)}</dd>
          <dt>取用</dt><dd>{item.takings} 次</dd>
          {item.words && <><dt>审核意见</dt><dd>{item.words}</dd></>}
        </dl>
      </section>
      <section className="x-card l-holds" aria-label="里面有什么">
        <header><h2>里面有什么</h2><span className="x-muted">{lines.length} 个定义，与本院现有的相比</span></header>
        <ul>
          {lines.map((line) => (
            <li key={`${line.kind} ${line.name}`}>
              <b>{line.label}</b> <span className="x-muted">{designKinds[line.kind]}</span> <Tag tone={meetings[line.meets][1]}>{meetings[line.meets][0]}</Tag>
              {line.words.length > 0 && <ul>{line.words.map((words, at) => <li key={at}>{words}</li>)}</ul>}
            </li>
          ))}
        </ul>
        <p className="x-muted">不含记录、人员和密钥。取用后先核对与本院的冲突，导入为草稿，发布后才生效。</p>
      </section>
    </div>
  )
} // prettier-ignore

function Acts({ place, data: { item, lines } }: { place: LibraryPlace; data: LibraryAnswer }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  const [reason, setReason] = useState<'refuse' | 'withdraw' | null>(null)
  const [file, setFile] = useState<unknown>(null)
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await work()
      await client.invalidateQueries({ queryKey: libraryKey })
    } catch (error) {
      void message.error(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  const decide = (act: 'accept' | 'refuse' | 'withdraw', words = '') =>
    run(async () => {
      await api.post(`/api/library/forms/${item.id}/${act}`, { words })
      setReason(null)
      void message.success({ accept: '已共享，其他医院可以取用', refuse: '已答复不采用', withdraw: '已下架' }[act])
    })
  const take = () => run(async () => setFile((await api.post<{ file: unknown }>(`/api/library/${place}/${item.id}/take`, {})).file))
  const accept = () => modal.confirm({ title: `采用“${item.name}”？`, content: '采用后，连接本院的医院都能查到和取用；同一表单以前的版次下架。', okText: '采用', cancelText: '取消', onOk: () => decide('accept') })
  return (
    <>
      {place === 'own' && item.status === 'pending' && <Button disabled={isBusy} onClick={() => setReason('refuse')}>不采用</Button>}
      {place === 'own' && item.status === 'pending' && <Button type="primary" loading={isBusy} onClick={accept}>采用</Button>}
      {place === 'own' && item.status === 'shared' && <Button disabled={isBusy} onClick={() => setReason('withdraw')}>下架</Button>}
      {item.status === 'shared' && <Button type="primary" icon={<DownloadOutlined />} loading={isBusy} onClick={() => void take()}>取用</Button>}
      {reason && <AskReason title={reason === 'refuse' ? '不采用' : '下架'} hint={reason === 'refuse' ? '记在表单上' : '记在表单上，已取用的医院不受影响'} placeholder={reason === 'refuse' ? '例如：与已有的表单重复' : '例如：有更好的表单代替'} isDanger isBusy={isBusy} onClose={() => setReason(null)} onGive={(words) => void decide(reason, words)} />}
      {file !== null && <ImportDesigns opened={{ file, lines }} onClose={() => setFile(null)} onDone={() => { void message.success('已导入为草稿，核对后发布'); void navigate('/designs') }} />}
    </>
  )
} // prettier-ignore
