import { all, is, writeBackStates, type CampaignProgress, type WriteBackAnswer, type WriteBackLines, type WriteBackState } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, newId } from '../api/client.ts'
import { useSending } from '../approvals/use-sending.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useSend } from '../parts/use-send.tsx'
import { Part } from '../security/own-page.tsx'
import { linesAt, useForgetCampaigns } from './hooks.ts'
import { Mapping } from './mapping.tsx'

interface Props {
  id: string
  form: string
  isUnits: boolean
  progress: CampaignProgress
}
/** 回写: which answers go where in the files of those asked, and what came of it. */
export function WriteBack({ id, form, isUnits, progress }: Props) {
  const [isSetting, setSetting] = useState(false)
  const [isChoosing, setChoosing] = useState(false)
  const [answer, setAnswer] = useState<WriteBackAnswer | null>(null)
  const forget = useForgetCampaigns()
  const catalog = useCatalog()
  const [source, target] = [catalog.resource(form), catalog.resource(progress.file ?? '')]
  const { toWriteBack, writtenBack } = progress
  const isAny = toWriteBack + writtenBack.refused > 0 && progress.status !== 'draft'
  const became = (Object.keys(writeBackStates) as WriteBackState[]).filter((outcome) => writtenBack[outcome] > 0)
  return (
    <Part
      title="回写到档案"
      acts={
        progress.mayManage && (
          <>
            <Button onClick={() => setSetting(true)}>{progress.file ? '修改' : '设置'}</Button>
            {progress.file && isAny && (
              <Button type="primary" onClick={() => setChoosing(true)}>
                {toWriteBack ? `回写 ${toWriteBack} 份` : '再次回写'}
              </Button>
            )}
          </>
        )
      }
    >
      {progress.file ? (
        <ul className="x-briefs">
          {progress.pairs.map(({ from, to }) => (
            <li key={to}>
              {source?.fields[from]?.label ?? from} → {target?.label ?? '已停用的档案'} · {target?.fields[to]?.label ?? to}
            </li>
          ))}
        </ul>
      ) : (
        <p className="x-muted">填报的内容可写回本人或科室的档案：档案须经审批的，提交变更申请；不须审批的，按您的权限直接修改。</p>
      )}
      {became.length > 0 && (
        <ul className="c-became" aria-label="回写情况">
          {became.map((outcome) => (
            <li key={outcome}>
              <Link to={linesAt(all(is('campaign', id), is('writeBack', outcome)))}>
                {writeBackStates[outcome].label} {writtenBack[outcome]}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {isSetting && <Mapping id={id} form={form} isUnits={isUnits} progress={progress} onClose={() => (setSetting(false), forget())} />}
      {isChoosing && (
        <Choosing
          id={id}
          target={target?.label ?? ''}
          isGuarded={target?.approval !== undefined}
          onDone={(done) => (setChoosing(false), setAnswer(done), forget())}
          onClose={() => setChoosing(false)}
        />
      )}
      <Modal title="回写结果" open={answer !== null} footer={null} onCancel={() => setAnswer(null)}>
        {answer && <Results answer={answer} />}
      </Modal>
    </Part>
  )
}

interface ChoosingProps {
  id: string
  target: string
  isGuarded: boolean
  onDone: (answer: WriteBackAnswer) => void
  onClose: () => void
}
/** Whose answers are written back: all that wait, until one is taken out; what was refused only where it is ticked. */
function Choosing({ id, target, isGuarded, onDone, onClose }: ChoosingProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['campaigns', 'write-back', id],
    queryFn: ({ signal }) => api.get<WriteBackLines>(`/api/campaigns/${id}/write-back`, {}, signal),
    staleTime: 0,
    gcTime: 0,
  })
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null)
  const { send, problem, isSending } = useSend()
  const { sent, asking } = useSending(`回写到“${target}”`)
  const rows = data?.rows ?? []
  const chosen = ticked ?? new Set(rows.flatMap(({ line, outcome }) => (outcome === 'refused' ? [] : [line])))
  const tick = (line: string, isOn: boolean) => setTicked(new Set(isOn ? [...chosen, line] : [...chosen].filter((one) => one !== line)))
  const run = () =>
    send(async () => {
      const body = { lines: [...chosen], actId: newId() }
      onDone(await sent((further) => api.post<WriteBackAnswer>(`/api/campaigns/${id}/write-back`, { ...body, ...further })))
    })
  return (
    <Modal
      title="回写到档案"
      open
      onCancel={onClose}
      okText={`回写 ${chosen.size} 份`}
      okButtonProps={{ loading: isSending, disabled: chosen.size === 0 }}
      onOk={() => void run()}
    >
      {asking}
      <div className="c-choosing">
      <p>{isGuarded ? `“${target}”须经审批：将提交变更申请，批准后生效。` : `将直接修改“${target}”，留有修改历史。`}</p>
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={4} />
      ) : (
        <>
          <Checkbox
            checked={chosen.size === rows.length}
            indeterminate={chosen.size > 0 && chosen.size < rows.length}
            onChange={(event) => setTicked(new Set(event.target.checked ? rows.map(({ line }) => line) : []))}
          >
            全选 {rows.length} 份
          </Checkbox>
          <ul className="x-briefs c-results" aria-label="要回写的填报">
            {rows.map(({ line, name, unitName, outcome, said }) => (
              <li key={line}>
                <Checkbox checked={chosen.has(line)} onChange={(event) => tick(line, event.target.checked)}>
                  {name} {unitName !== name && <span className="x-muted">{unitName}</span>}
                </Checkbox>
                {outcome && <Outcome outcome={outcome} said={said} />}
              </li>
            ))}
          </ul>
          {data.left > 0 && <p className="x-muted">一次最多 {rows.length} 份，还有 {data.left} 份留待下次。</p>}
        </>
      )}
      {problem('')}
      {problem('file')}
      </div>
    </Modal>
  )
} // prettier-ignore

function Outcome({ outcome, said, instance }: { outcome: WriteBackState; said: string; instance?: string | null }) {
  const { label, tone } = writeBackStates[outcome]
  return (
    <span>
      {instance ? <Link to={`/approvals/${instance}`}>{label}</Link> : <Tag tone={tone}>{label}</Tag>} {said !== label && <span className="x-faint">{said}</span>}
    </span>
  )
} // prettier-ignore
function Results({ answer }: { answer: WriteBackAnswer }) {
  if (answer.results.length === 0) return <p className="x-muted">没有要回写的，可能刚由别人回写过。</p>
  return (
    <>
      <ul className="x-briefs c-results">
        {answer.results.map((one) => (
          <li key={one.line}>
            {one.name}
            <Outcome {...one} />
          </li>
        ))}
      </ul>
      {answer.left > 0 && <p className="x-muted">还有 {answer.left} 份没有回写，请再次回写。</p>}
    </>
  )
}
