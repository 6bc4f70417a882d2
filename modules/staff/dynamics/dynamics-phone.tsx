import { CaretDownOutlined, CaretRightOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Figure } from './dynamics.rules.ts'
import type { Shown } from './dynamics-table.tsx'
import { addressOf, countIn, type Line } from './lines.rules.ts'

/** One unit under the other; a tap shows its figures. */
export function DynamicsPhone({ answer, lines, columns, today }: Shown) {
  const [open, setOpen] = useState<string | null>('')
  const entry = (id: string, name: string, depth: number, counts: Line['counts'], line: Line | null) => {
    const filled = columns.filter((figure) => countIn(counts, figure) > 0)
    return (
      <li key={id} className="x-card d-entry" style={{ marginInlineStart: depth * 10 }}>
        <button type="button" aria-expanded={open === id} onClick={() => setOpen(open === id ? null : id)}>
          {open === id ? <CaretDownOutlined /> : <CaretRightOutlined />}
          <b>{name}</b>
          <span className="x-faint">{counts['total'] ?? 0} 人</span>
        </button>
        {open === id && (filled.length ? <Figures filled={filled} of={(figure) => [countIn(counts, figure), addressOf(figure, answer, line, today)]} /> : <p className="x-faint">显示的内容里没有人</p>)}
      </li>
    )
  }
  return (
    <ul className="d-phone" aria-label="医师动态">
      {entry('', '全院', 0, answer.whole, null)}
      {lines.map((line) => entry(line.id, line.name, Math.min(line.depth, 3), line.counts, line))}
    </ul>
  )
} // prettier-ignore
function Figures({ filled, of }: { filled: readonly Figure[]; of: (figure: Figure) => [number, string] }) {
  return (
    <div className="d-figures">
      {filled.map((figure) => {
        const [count, to] = of(figure)
        return (
          <Link key={figure.key} to={to}>
            <b>{count}</b>
            <span>{figure.label}</span>
          </Link>
        )
      })}
    </div>
  )
}
