import type { FieldProblem } from '#model'
import { Button, Popover } from 'antd'
import '../flows/design/design.css'

/** What keeps a definition from being published, and the way to each. */
export function Faults({ problems, onShow }: { problems: readonly FieldProblem[]; onShow: (place: string) => void }) {
  if (problems.length === 0) return null
  return (
    <Popover trigger="click" placement="bottomRight" content={<div className="x-fault-list">{problems.map((one, at) => <button key={at} type="button" onClick={() => onShow(one.field)}>{one.message}</button>)}</div>}>
      <Button danger>{problems.length} 处问题</Button>
    </Popover>
  )
} // prettier-ignore
