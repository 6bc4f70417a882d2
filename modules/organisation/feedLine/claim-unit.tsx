import { Button, Select } from 'antd'
import { useState } from 'react'
import { unitKinds, type ApiRecord } from '#model'
import { useCatalog } from '#kernel/web/definitions/use-catalog.tsx'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { optionsOf } from '#kernel/web/parts/options-of.ts'

interface Props {
  record: ApiRecord
  mayClaim: boolean
  isBusy: boolean
  onClaim: (body: { unit: string | null; kind?: string; parent?: string | null }) => void
}
/** Which unit of the house another system's code means: one of those alike, another, or a new one. */
export function ClaimUnit({ record, mayClaim, isBusy, onClaim }: Props) {
  const catalog = useCatalog()
  const [unit, setUnit] = useState<string | null>(null)
  const [parent, setParent] = useState<string | null>(null)
  const [kind, setKind] = useState<string | null>((record['unitKind'] ?? null) as string | null)
  const alike = (record['likeUnits'] ?? []) as string[]
  return (
    <>
      {alike.length === 0 && <p className="x-faint">没有相近的科室</p>}
      <ul className="f-candidates">
        {alike.map((id) => (
          <li key={id} className="x-card">
            <span>{catalog.unitPath(id)}</span>
            {mayClaim && (
              <Button type="primary" disabled={isBusy} aria-label={`就是${catalog.unitPath(id)}`} onClick={() => onClaim({ unit: id })}>
                就是它
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayClaim && (
        <>
          <div className="f-acts">
            <UnitPicker value={unit} onChange={setUnit} placeholder="其他已有的科室" />
            <Button disabled={!unit} loading={isBusy} onClick={() => onClaim({ unit })}>
              认领为选中的科室
            </Button>
          </div>
          <div className="f-acts">
            <Select aria-label="新科室的类型" placeholder="新科室的类型" value={kind} options={optionsOf(unitKinds)} onChange={setKind} />
            <UnitPicker value={parent} onChange={setParent} placeholder="上级（不选时按来源）" />
            <Button disabled={!kind} loading={isBusy} onClick={() => onClaim({ unit: null, kind: kind!, parent })}>
              都不是，新建科室
            </Button>
          </div>
        </>
      )}
    </>
  )
}
