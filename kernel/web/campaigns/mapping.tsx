import { fileKey, mayWriteBack, misfit, type CampaignProgress, type ClientResource } from '#model'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { useSend } from '../parts/use-send.tsx'

type Pairs = CampaignProgress['pairs']
const optionsOf = (resource: ClientResource | undefined, fits: (key: string) => boolean) =>
  Object.entries(resource?.fields ?? {}).flatMap(([value, { label }]) => (fits(value) ? [{ value, label }] : []))

/** Which fields of the form go into which fields of which file. */
export function Mapping({ id, form, isUnits, progress, onClose }: { id: string; form: string; isUnits: boolean; progress: CampaignProgress; onClose: () => void }) {
  const catalog = useCatalog()
  const { send, problem, isSending } = useSend()
  const [file, setFile] = useState(progress.file)
  const [pairs, setPairs] = useState<Partial<Pairs[number]>[]>(progress.pairs.length ? progress.pairs : [{}])
  const [source, target] = [catalog.resource(form), catalog.resource(file ?? '')]
  const isFile = (r: ClientResource) => r.writtenBy !== 'module' && r.may.update && r.name !== form && fileKey(r, isUnits) !== undefined
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
