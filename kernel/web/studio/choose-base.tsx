import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'

/** Which of the product's types is to be changed. */
export function ChooseBase({ offered, onClose }: { offered: readonly { name: string; label: string }[]; onClose: () => void }) {
  const navigate = useNavigate()
  const [name, setName] = useState<string | null>(null)
  return (
    <Modal open title="调整内置类型" okText="开始调整" cancelText="取消" okButtonProps={{ disabled: name === null }} onCancel={onClose} onOk={() => void navigate(`/designs/overlay/${encodeURIComponent(name!)}`)}>
      <p className="x-muted">增加字段，改名称、说明、必填、选项、布局和各角色的字段规则。系统升级后本院的调整仍在；法规和系统规定只能收紧。</p>
      <Select aria-label="内置类型" className="x-set-wide" autoFocus placeholder="选择一类记录" value={name} showSearch={{ optionFilterProp: 'label' }} options={offered.map((one) => ({ value: one.name, label: one.label }))} onChange={setName} />
    </Modal>
  )
} // prettier-ignore
