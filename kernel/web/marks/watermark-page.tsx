import { watermarkByRule, watermarkWheres, type Watermark, type WatermarkAnswer, type WatermarkPlace } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { watermarkKey } from './watermark.tsx'
import './marks.css'

const key = ['watermark-setting']
/** 水印: on which pages the looker's name stands. */
export default function WatermarkPage() {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<WatermarkAnswer>('/api/watermark', {}, signal) })
  return (
    <div className="x-page x-marks">
      <PageHead title="水印" />
      {error ? <Failed error={error} retry={() => void refetch()} /> : data ? <Form key={JSON.stringify(data.setting)} seen={data} /> : <Skeleton rows={10} />}
    </div>
  )
} // prettier-ignore

function Form({ seen: { setting: seen, places } }: { seen: WatermarkAnswer }) {
  const [draft, setDraft] = useState(seen)
  const [isSaving, setSaving] = useState(false)
  const client = useQueryClient()
  const { message } = App.useApp()
  const put = (change: Partial<Watermark>) => setDraft((before) => ({ ...before, ...change }))
  const putPlace = (place: string, shows: boolean | null) =>
    put({ places: Object.fromEntries([...Object.entries(draft.places).filter(([one]) => one !== place), ...(shows === null ? [] : [[place, shows] as const])]) }) // prettier-ignore
  const isChanged = JSON.stringify(draft) !== JSON.stringify(seen)
  async function save() {
    setSaving(true)
    try {
      client.setQueryData(key, await api.put<WatermarkAnswer>('/api/watermark', { setting: draft, seen }))
      void client.invalidateQueries({ queryKey: watermarkKey })
      void message.success('已保存，各处在 5 分钟内生效')
    } catch (fault) {
      void message.error(messageOf(fault))
    } finally {
      setSaving(false)
    }
  }
  return (
    <>
      <section className="x-card x-marks-rule">
        <h2>显示在哪里</h2>
        <Radio.Group
          value={draft.where}
          options={Object.entries(watermarkWheres).map(([value, label]) => ({ value, label }))}
          onChange={(event) => put({ where: event.target.value as Watermark['where'] })}
        />
        <p className="x-muted">水印写明谁、工号和时间，浅淡地铺满整页，弹窗和打印件上也有，截图、拍照后仍可辨认是谁看的。</p>
        <Checkbox checked={draft.unit} onChange={(event) => put({ unit: event.target.checked })}>
          同时写明科室
        </Checkbox>
      </section>
      <Places places={places} setting={draft} onChange={putPlace} />
      {isChanged && (
        <footer className="x-acts">
          <Button onClick={() => setDraft(seen)}>还原</Button>
          <Button type="primary" loading={isSaving} onClick={() => void save()}>
            保存
          </Button>
        </footer>
      )}
    </>
  )
}

const choices = [
  { value: 'rule', label: '按上面的规则' },
  { value: 'on', label: '始终显示' },
  { value: 'off', label: '始终不显示' },
]
interface PlacesProps {
  places: readonly WatermarkPlace[]
  setting: Watermark
  onChange: (place: string, shows: boolean | null) => void
}
function Places({ places, setting, onChange }: PlacesProps) {
  const [search, setSearch] = useState('')
  const [isOwnOnly, setOwnOnly] = useState(false)
  const found = places.filter(
    ({ key: place, label, group }) =>
      (!isOwnOnly || place in setting.places) && [label, group, place].some((text) => text.toLowerCase().includes(search.trim().toLowerCase())),
  )
  const groups = Map.groupBy(found, ({ group }) => group)
  return (
    <section className="x-card x-marks-places">
      <header>
        <h2>个别页面和记录</h2>
        <span className="x-space" />
        <Checkbox checked={isOwnOnly} onChange={(event) => setOwnOnly(event.target.checked)}>
          只看单独设置的（{Object.keys(setting.places).length}）
        </Checkbox>
        <Input.Search aria-label="查找页面" placeholder="查找页面或记录" allowClear value={search} onChange={(event) => setSearch(event.target.value)} />
      </header>
      {found.length === 0 && <p className="x-muted x-marks-none">没有符合的页面</p>}
      {[...groups].map(([group, list]) => (
        <div key={group}>
          <h3>{group}</h3>
          {list.map((place) => {
            const own = setting.places[place.key]
            const shows = own ?? watermarkByRule(setting, place)
            return (
              <div key={place.key} className="x-marks-place">
                <span>
                  {place.label}
                  {place.isProtected && <small className="x-faint">涉及受保护信息</small>}
                </span>
                {shows ? <Tag tone="good">显示</Tag> : <Tag tone="neutral">不显示</Tag>}
                <Select
                  aria-label={`水印：${place.label}`}
                  value={own === undefined ? 'rule' : own ? 'on' : 'off'}
                  options={choices}
                  onChange={(value) => onChange(place.key, value === 'rule' ? null : value === 'on')}
                />
              </div>
            )
          })}
        </div>
      ))}
    </section>
  )
} // prettier-ignore
