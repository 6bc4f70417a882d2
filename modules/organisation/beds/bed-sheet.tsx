import { useQueryClient } from '@tanstack/react-query'
import { App, Modal, Radio } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RecordAnswer } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, useRecord } from '#kernel/web/api/hooks.ts'
import { messageOf } from '#kernel/web/api/problem.ts'
import { ago } from '#kernel/web/parts/ago.ts'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import type { BedSpot } from './beds.rules.ts'
import type { Looks } from './look.tsx'

const name = 'organisation.bed'
interface Props {
  spot: BedSpot
  ward: string
  looks: Looks
  onClose: () => void
  onDone: () => void
}
/** One bed: what it is, how it stands, and for its ward's people how it is to stand. */
export function BedSheet(props: Props) {
  const query = useRecord(name, props.spot.id)
  if (query.data) return <Sheet key={query.data.record.version} answer={query.data} {...props} />
  return (
    <Modal open title={titleOf(props)} footer={null} onCancel={props.onClose}>
      {query.error ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Skeleton rows={4} />}
    </Modal>
  )
}
const titleOf = ({ spot, ward }: Pick<Props, 'spot' | 'ward'>) => `${ward} ${spot.number} 床`

function Sheet({ answer: { record }, spot, ward, looks, onClose, onDone }: Props & { answer: RecordAnswer }) {
  const { message } = App.useApp()
  const client = useQueryClient()
  const [given, setGiven] = useState<Record<string, string>>({})
  const [isBusy, setBusy] = useState(false)
  const valueOf = (key: 'status' | 'condition') => given[key] ?? String(record[key])
  async function save() {
    setBusy(true)
    try {
      await api.patch(`/api/records/${name}/${record.id}`, { version: record.version, changes: given })
      void message.success('已保存')
      onDone()
    } catch (error) {
      void message.error(messageOf(error))
    }
    // Who came too late sees what has been written meanwhile.
    forgetRecord(client, name, record.id)
    setBusy(false)
  }
  const facts = [looks.words.opening[spot.opening], looks.words.kind[spot.kind], record['note']].filter(Boolean)
  const mayChange = record.may?.update === true
  return (
    <Modal open title={titleOf({ spot, ward })} okText="保存" cancelText={mayChange ? '取消' : '关闭'} okButtonProps={{ loading: isBusy, disabled: Object.keys(given).length === 0, style: mayChange ? {} : { display: 'none' } }} onOk={() => void save()} onCancel={onClose}>
      <p className="x-muted">{facts.join(' · ')}</p>
      {(['status', 'condition'] as const).map((key) => {
        const since = record[`${key}At`] as string | null
        return (
          <div key={key} className="bed-set" role="group" aria-label={looks.labels[key]}>
            <h3>{looks.labels[key]} {since && <small>{ago(since)}起</small>}</h3>
            {mayChange ? (
              <Radio.Group optionType="button" value={valueOf(key)} options={Object.keys(looks.choices(key)).map((value) => ({ value, label: looks.words[key][value] ?? value }))} onChange={(event) => setGiven({ ...given, [key]: event.target.value as string })} />
            ) : (
              <Tag tone={looks.toneOf(key, valueOf(key))}>{looks.words[key][valueOf(key)] ?? valueOf(key)}</Tag>
            )}
          </div>
        )
      })}
      <Link to={`/r/${name}/${record.id}`}>打开床位记录</Link>
    </Modal>
  )
} // prettier-ignore
