import { kindLabels, type FieldKind } from '#model'
import { Input } from 'antd'
import { useState } from 'react'
import { derivedWords, type DerivedKind } from './board.ts'
import { dragType, type Dragged } from './drag.ts'

const sections: readonly (readonly [string, readonly FieldKind[]])[] = [
  ['文字', ['text', 'longText', 'richText', 'tags', 'phone', 'email', 'url', 'identityNumber', 'password']],
  ['数字', ['integer', 'decimal', 'money', 'counter', 'slider', 'rating']],
  ['日期', ['date', 'dateTime', 'time', 'dateRange', 'year', 'yearMonth']],
  ['选择', ['choice', 'choices', 'boolean', 'switch', 'cascade', 'tree', 'colour']],
  ['人员与科室', ['person', 'unit', 'members']],
  ['关联与计算', ['rows', 'reference', 'references', 'formula', 'autoNumber']],
  ['附件', ['files', 'image', 'video', 'audio', 'signature']],
  ['其他', ['address', 'location', 'barcode']],
]
/** What can be put on the board: dragged there, or by a click at its end. */
export function Palette({ onPick, onLayout, onDerived }: { onPick: (kind: FieldKind) => void; onLayout: (what: 'group' | 'note' | 'divider') => void; onDerived: (what: DerivedKind) => void }) {
  const [search, setSearch] = useState('')
  const fits = (kind: FieldKind) => kindLabels[kind].includes(search.trim())
  const grab = (event: React.DragEvent, dragged: Dragged) => {
    event.dataTransfer.effectAllowed = 'copy'
    event.dataTransfer.setData(dragType, JSON.stringify(dragged))
  }
  return (
    <aside className="x-card x-studio-palette" aria-label="字段种类">
      <Input.Search allowClear placeholder="找字段种类" aria-label="找字段种类" value={search} onChange={(event) => setSearch(event.target.value)} />
      {sections.map(([title, kinds]) => {
        const shown = kinds.filter(fits)
        return (
          shown.length > 0 && (
            <section key={title}>
              <h3>{title}</h3>
              <div>
                {shown.map((kind) => (
                  <button key={kind} type="button" draggable onDragStart={(event) => grab(event, { is: 'kind', kind })} onClick={() => onPick(kind)}>
                    {kindLabels[kind]}
                  </button>
                ))}
              </div>
            </section>
          )
        )
      })}
      <section>
        <h3>取自其他记录</h3>
        <div>
          {(Object.keys(derivedWords) as DerivedKind[]).map((what) => <button key={what} type="button" onClick={() => onDerived(what)}>{derivedWords[what]}</button>)}
        </div>
      </section>
      <section>
        <h3>布局</h3>
        <div>
          <button type="button" onClick={() => onLayout('group')}>分组</button>
          <button type="button" draggable onDragStart={(event) => grab(event, { is: 'note' })} onClick={() => onLayout('note')}>说明文字</button>
          <button type="button" draggable onDragStart={(event) => grab(event, { is: 'divider' })} onClick={() => onLayout('divider')}>分隔线</button>
        </div>
      </section>
    </aside>
  )
} // prettier-ignore
