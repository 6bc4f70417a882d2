import { CheckCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useMe } from '../../api/hooks.ts'
import { useWorld } from './context.ts'
import { stepAt, stepOfFault } from './tree.ts'
import { labelWith } from './words.ts'

/** How many faults there are; the list leads to each. */
export function FaultsButton({ onShow }: { onShow: (path: string) => void }) {
  const { definition, problems } = useWorld()
  const { medicalOffice } = useMe().hospital
  const [isOpen, setOpen] = useState(false)
  if (problems.length === 0)
    return (
      <span className="x-no-faults" title="流程完整，没有问题">
        <CheckCircleOutlined aria-hidden /> 没有问题
      </span>
    )
  const placeOf = (path: string): string => {
    const at = stepOfFault(definition, path)
    const step = at === null ? undefined : stepAt(definition, at)
    return step ? labelWith(step, medicalOffice) : '流程设置'
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      title="需要改好才能发布"
      content={
        <ul className="x-fault-list">
          {problems.map((one, at) => (
            <li key={at}>
              <button type="button" onClick={() => (setOpen(false), onShow(one.path))}>
                <b>{placeOf(one.path)}</b>
                {one.message}
                <small>{one.advice}</small>
              </button>
            </li>
          ))}
        </ul>
      }
    >
      <Button danger icon={<WarningOutlined />}>
        {`${problems.length} 处问题`}
      </Button>
    </Popover>
  )
}
