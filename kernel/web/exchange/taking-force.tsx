import { Input, Radio } from 'antd'
import { useState } from 'react'
import type { ImportDetail, ImportMapping } from '#model'
import './taking-force.css'

/** Records under approval come in as approved, with what says so; or wait, the whole batch, for one approval. */
export function TakingForce({ detail, put }: { detail: ImportDetail; put: (mapping: ImportMapping) => void }) {
  // Shown at once; the server's answer brings what follows from it.
  const [forApproval, setForApproval] = useState(detail.forApproval)
  if (!detail.needsBasis) return null
  const choose = (value: boolean) => {
    setForApproval(value)
    put({ forApproval: value })
  }
  return (
    <section className="x-card i-force">
      <header>
        <h2>怎样生效</h2>
      </header>
      <Radio.Group value={forApproval} onChange={(event) => choose(event.target.value as boolean)} className="i-force-ways">
        <Radio value={false}>
          <b>按已批准导入</b>
          <span className="x-muted">线下已经批准，写入后立即生效</span>
        </Radio>
        <Radio value={true}>
          <b>作为一个申请送审</b>
          <span className="x-muted">整批一次审批；批准前不生效，别人看不到</span>
        </Radio>
      </Radio.Group>
      <label className="i-force-why">
        <span>
          {forApproval ? '申请理由' : '依据'} <span aria-hidden>*</span>
        </span>
        <Input
          key={String(forApproval)}
          defaultValue={detail.basis}
          maxLength={500}
          onBlur={(event) => event.target.value !== detail.basis && put({ basis: event.target.value })}
          placeholder={forApproval ? '为什么申请这批内容' : '批准的文号或说明'}
        />
      </label>
    </section>
  )
}
