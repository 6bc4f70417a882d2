import type { FlowDesign, FlowDifference, FlowVersionItem } from '#model'
import { formatInstant } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { messageOf } from '../../api/problem.ts'
import { AskReason } from '../../parts/ask-reason.tsx'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import { Tag } from '../../parts/tag.tsx'
import { useWorld } from './context.ts'
import { Differences } from './differences.tsx'
import { designsKey, designUrl } from './use-design.ts'

/** 版本: what counted from when, what is otherwise between two of them, and the way back. */
export function Versions({ onShow }: { onShow: (step: string) => void }) {
  const { design, reload } = useWorld()
  const { flow } = design
  const { data, error, refetch } = useQuery({
    queryKey: [...designsKey, flow, 'versions'],
    queryFn: ({ signal }) => api.get<FlowVersionItem[]>(designUrl(flow, '/versions'), {}, signal),
    staleTime: 0,
  })
  const client = useQueryClient()
  const { message } = App.useApp()
  const [back, setBack] = useState<number | 'program' | null>(null)
  const [isBusy, setBusy] = useState(false)
  async function rollBack(seen: number, note: string) {
    setBusy(true)
    try {
      await api.post(designUrl(flow, '/roll-back'), { version: back, seen, note })
      reload(await api.get<FlowDesign>(designUrl(flow)))
      void client.invalidateQueries({ queryKey: designsKey })
      void message.success('已回退，之后提交的按回退后的流程；进行中的不变')
      setBack(null)
    } catch (problem) {
      void message.error(messageOf(problem))
      void refetch()
    }
    setBusy(false)
  }
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const current = data.find((one) => one.inForce)
  const wayBack = (one: FlowVersionItem) => (
    <Button size="small" onClick={() => setBack(one.version)}>
      回退到这一版
    </Button>
  )
  return (
    <div className="x-cases">
      {data.length === 0 ? (
        <Notice kind="empty" title="还没有发布过" text="发布之后，每一版都保留在这里，可以比较和回退。" />
      ) : (
        <>
          <ul className="x-card x-design-versions">
            {data.map((one) => (
              <li key={one.version}>
                <div>
                  <b>第 {one.version} 版</b> {one.inForce && <Tag tone="good">生效中</Tag>} {one.from === 'program' && <Tag tone="neutral">系统原版</Tag>}
                  <p className="x-muted x-small">
                    {[formatInstant(one.at), one.by, one.note].filter(Boolean).join(' · ')}
                    {one.running > 0 && ` · ${one.running} 件进行中`}
                  </p>
                </div>
                {!one.inForce && wayBack(one)}
              </li>
            ))}
          </ul>
          <Compare versions={data} onShow={onShow} />
        </>
      )}
      {design.mayReturnToProgram && (
        <div className="x-row">
          <Button onClick={() => setBack('program')}>回到系统原版</Button>
        </div>
      )}
      {back !== null && current && <AskReason title={back === 'program' ? '回到系统原版' : `回退到第 ${back} 版`} hint="与版本一起保存" placeholder="例如：新版漏了医务处审核" act="回退" isDanger isBusy={isBusy} onClose={() => setBack(null)} onGive={(note) => void rollBack(current.version, note)} />}
    </div>
  )
} // prettier-ignore

type Side = number | 'draft'
/** Two versions, or one and the draft, in words. */
function Compare({ versions, onShow }: { versions: readonly FlowVersionItem[]; onShow: (step: string) => void }) {
  const { design, flush } = useWorld()
  const [sides, setSides] = useState<{ from: Side; to: Side }>({ from: (design.revision > 0 ? versions[0] : (versions[1] ?? versions[0]))!.version, to: design.revision > 0 ? 'draft' : versions[0]!.version })
  const asked = useQuery({
    queryKey: [...designsKey, design.flow, 'difference', sides, design.revision],
    queryFn: async ({ signal }) => {
      await flush()
      return api.get<FlowDifference[]>(designUrl(design.flow, '/difference'), sides, signal)
    },
  })
  const drafted = design.revision > 0 ? [{ value: 'draft' as Side, label: '草稿' }] : []
  const options = [...drafted, ...versions.map(({ version }) => ({ value: version as Side, label: `第 ${version} 版` }))]
  const side = (key: 'from' | 'to', label: string) => (
    <Select<Side> aria-label={label} value={sides[key]} options={options} popupMatchSelectWidth={120} onChange={(value) => setSides({ ...sides, [key]: value })} />
  )
  return (
    <section className="x-card x-versions-compare" aria-label="比较两版">
      <div className="x-row">
        比较 {side('from', '从哪一版')} 到 {side('to', '到哪一版')}
      </div>
      {asked.error ? <Failed error={asked.error} retry={() => void asked.refetch()} /> : asked.data ? <Differences differences={asked.data} onShow={onShow} /> : <Skeleton rows={2} />}
    </section>
  )
} // prettier-ignore
