import { mayWriteBack, misfit, writeBackStates, type CampaignProgress, type ClientResource, type WriteBackAnswer } from '#model'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import { Part } from '../security/own-page.tsx'
import { useForgetCampaigns } from './hooks.ts'

type Pairs = CampaignProgress['pairs']
const optionsOf = (resource: ClientResource | undefined, fits: (key: string) => boolean) =>
  Object.entries(resource?.fields ?? {}).flatMap(([value, { label }]) => (fits(value) ? [{ value, label }] : []))

/** 回写: which answers go where in the files of those asked, and what came of it. */
export function WriteBack({ id, form, isUnits, progress }: { id: string; form: string; isUnits: boolean; progress: CampaignProgress }) {
  const [isSetting, setSetting] = useState(false)
  const [answer, setAnswer] = useState<WriteBackAnswer | null>(null)
  const { message, modal } = App.useApp()
  const forget = useForgetCampaigns()
  const catalog = useCatalog()
  const [source, target] = [catalog.resource(form), catalog.resource(progress.file ?? '')]
  const run = () =>
    modal.confirm({
      title: `回写 ${progress.toWriteBack} 份填报？`,
      content: target?.approval ? `“${target.label}”须经审批：将提交变更申请，批准后生效。` : `将直接修改“${target?.label ?? ''}”，留有修改历史。`,
      okText: '回写',
      onOk: () =>
        api.post<WriteBackAnswer>(`/api/campaigns/${id}/write-back`).then(setAnswer, (fault: unknown) => void message.error(messageOf(fault))).finally(forget),
    })
  return (
    <Part
      title="回写到档案"
      acts={
        <>
          <Button onClick={() => setSetting(true)}>{progress.file ? '修改' : '设置'}</Button>
          {progress.file && progress.toWriteBack > 0 && progress.status !== 'draft' && (
            <Button type="primary" onClick={() => void run()}>
              回写 {progress.toWriteBack} 份
            </Button>
          )}
        </>
      }
    >
      {progress.file ? (
        <ul className="c-list">
          {progress.pairs.map(({ from, to }) => (
            <li key={to}>
              {source?.fields[from]?.label ?? from} → {target?.label} · {target?.fields[to]?.label ?? to}
            </li>
          ))}
        </ul>
      ) : (
        <p className="x-muted">填报的内容可写回本人或科室的档案：档案须经审批的，提交变更申请；不须审批的，按您的权限直接修改。</p>
      )}
      {isSetting && <Setting id={id} form={form} isUnits={isUnits} progress={progress} onClose={() => (setSetting(false), forget())} />}
      <Modal title="回写结果" open={answer !== null} footer={null} onCancel={() => setAnswer(null)}>
        {answer && <Results answer={answer} />}
      </Modal>
    </Part>
  )
} // prettier-ignore

function Results({ answer }: { answer: WriteBackAnswer }) {
  return (
    <>
      <ul className="c-list c-results c-written">
        {answer.results.map((one) => (
          <li key={one.line}>
            {one.name}
            <span>
              {one.instance ? <Link to={`/approvals/${one.instance}`}>{writeBackStates[one.outcome].label}</Link> : <Tag tone={writeBackStates[one.outcome].tone}>{writeBackStates[one.outcome].label}</Tag>} <span className="x-faint">{one.said}</span>
            </span>
          </li>
        ))}
      </ul>
      {answer.left > 0 && <p className="x-muted">一次最多 500 份，还有 {answer.left} 份，请再次回写。</p>}
    </>
  )
} // prettier-ignore

function Setting({ id, form, isUnits, progress, onClose }: { id: string; form: string; isUnits: boolean; progress: CampaignProgress; onClose: () => void }) {
  const catalog = useCatalog()
  const { send, problem, isSending } = useSend()
  const [file, setFile] = useState(progress.file)
  const [pairs, setPairs] = useState<Partial<Pairs[number]>[]>(progress.pairs.length ? progress.pairs : [{}])
  const [source, target] = [catalog.resource(form), catalog.resource(file ?? '')]
  const isFile = (r: ClientResource) => r.writtenBy !== 'module' && r.may.update && r.name !== form && (isUnits ? r.owner.department === 'id' : Boolean(r.owner.person))
  const files = catalog.definitions.resources.filter(isFile).map(({ name, label }) => ({ value: name, label }))
  const set = (at: number, more: Partial<Pairs[number]>) => setPairs(pairs.map((one, n) => (n === at ? { ...one, ...more } : one)))
  const save = () => send(() => api.put(`/api/campaigns/${id}/mapping`, { file: file ?? null, pairs: file ? pairs.map(({ from = '', to = '' }) => ({ from, to })) : [] }).then(onClose))
  return (
    <Modal title="回写到档案" open onCancel={onClose} okText="保存" okButtonProps={{ loading: isSending }} onOk={() => void save()}>
      <div className="x-security">
        <label>
          档案
          <Select aria-label="回写到哪种档案" className="x-set-wide" style={{ width: '100%' }} allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="不回写" value={file} options={files} onChange={(next: string | undefined) => (setFile(next ?? null), setPairs([{}]))} />
        </label>
        {problem('file')}
        {file && source && target && (
          <>
            {pairs.map(({ from, to }, at) => (
              <div key={at} className="c-pair">
                <Select aria-label={`第 ${at + 1} 项，表单`} placeholder="表单的项" showSearch={{ optionFilterProp: 'label' }} value={from} options={optionsOf(source, (key) => mayWriteBack(source.fields[key]!))} onChange={(next: string) => set(at, { from: next, ...(to && misfit(source.fields[next], target.fields[to]) ? { to: undefined } : {}) })} />
                <span aria-hidden>→</span>
                <Select aria-label={`第 ${at + 1} 项，档案`} placeholder="档案的项" showSearch={{ optionFilterProp: 'label' }} disabled={!from} value={to} options={optionsOf(target, (key) => from !== undefined && misfit(source.fields[from], target.fields[key]) === null)} onChange={(next: string) => set(at, { to: next })} />
                <Button type="text" icon={<DeleteOutlined />} aria-label={`去掉第 ${at + 1} 项`} disabled={pairs.length === 1} onClick={() => setPairs(pairs.filter((_, n) => n !== at))} />
                {problem(`pairs.${at}`)}
              </div>
            ))}
            <Button icon={<PlusOutlined />} disabled={pairs.length >= 50} onClick={() => setPairs([...pairs, {}])}>
              添加一项
            </Button>
          </>
        )}
        {problem('pairs')}
        {problem('')}
      </div>
    </Modal>
  )
} // prettier-ignore
