import type { ApprovalAnswer, Field } from '#model'
import { Input, InputNumber, Select } from 'antd'
import { CellOf } from '../fields/index.ts'
import { Tag } from '../parts/tag.tsx'
import { brokenBy } from './admissions.tsx'
import { lack, lineStates, sayLabels, wordsOf, type Choice } from './verdicts.ts'

interface Props {
  approval: ApprovalAnswer
  row: Record<string, unknown> & { id: string }
  fields: Readonly<Record<string, Field>>
  /** The field that names the line. */
  titleKey: string
  choice: Choice | undefined
  onChoose: ((choice: Choice) => void) | null
  isChecked: boolean
  /** What keeps this line from being passed. */
  problem?: string | null
}

/** One line of a request: what is asked, where it stands, and the decision on it. */
export function LineCard({ approval, row, fields, titleKey, choice, onChoose, isChecked, problem: unfit = null }: Props) {
  const line = approval.items[row.id]
  const state = lineStates[line?.state ?? 'open']!
  const facts = Object.entries(fields).filter(
    ([key, field]) => key !== titleKey && !field.readOnly && row[key] !== null && row[key] !== undefined && row[key] !== '',
  )
  const level = Object.entries(fields).find(([key, field]) => key === 'level' && field.kind === 'choice')
  const problem = isChecked ? (lack(choice) ?? unfit) : null
  const broken = brokenBy(approval, row.id)
  const narrowed = approval.narrow.find((n) => n.key === line?.terms.narrowTo)?.label
  return (
    <li className="x-line" data-line={row.id}>
      <div className="x-line-head">
        <b>
          <CellOf field={fields[titleKey]!} value={row[titleKey] ?? null} />
        </b>
        {level && row['level'] ? (
          <Tag>
            <CellOf field={level[1]} value={row['level']} />
          </Tag>
        ) : null}
        {!onChoose && <Tag tone={state.tone}>{state.label}</Tag>}
        {broken.map((one) => (
          <Tag key={one.id} tone={one.mode === 'block' ? 'bad' : 'warn'}>
            不符合{one.label}
          </Tag>
        ))}
        {narrowed && <Tag tone="info">{narrowed}</Tag>}
        {line?.terms.supervisedCases ? <Tag tone="info">带教 {line.terms.supervisedCases} 例</Tag> : null}
      </div>
      {facts.length > 0 && (
        <p className="x-line-facts">
          {facts.map(([key, field]) => (
            <span key={key}>
              {field.label} <CellOf field={field} value={row[key] ?? null} />
            </span>
          ))}
        </p>
      )}
      {line?.reason && !onChoose && <p className="x-line-facts">理由：{line.reason}</p>}
      {onChoose && <Decide approval={approval} choice={choice} onChoose={onChoose} problem={problem} />}
    </li>
  )
}

function Decide({
  approval,
  choice,
  onChoose,
  problem,
}: {
  approval: ApprovalAnswer
  choice: Choice | undefined
  onChoose: (choice: Choice) => void
  problem: string | null
}) {
  const words = wordsOf(approval)
  return (
    <div className="x-line-decide">
      <div className="x-verdict" role="radiogroup" aria-label="结论">
        {words.map((say) => (
          <button
            key={say}
            type="button"
            role="radio"
            aria-checked={choice?.say === say}
            className={say}
            onClick={() => onChoose({ ...choice, say })}
          >
            {sayLabels[say]}
          </button>
        ))}
      </div>
      {(choice?.say === 'pass' || choice?.say === 'narrow') && (
        <label className="x-line-more">
          带教
          <InputNumber
            min={1}
            max={999}
            precision={0}
            value={choice.supervisedCases ?? null}
            placeholder="不限"
            aria-label="须带教例数"
            onChange={(cases) => onChoose({ ...choice, supervisedCases: cases ?? undefined })}
          />
          例
        </label>
      )}
      {choice?.say === 'narrow' && (
        <Select
          className="x-line-more"
          aria-label="限定范围"
          placeholder="限定范围"
          value={choice.to ?? null}
          options={approval.narrow.map(({ key, label }) => ({ value: key, label }))}
          onChange={(to: string) => onChoose({ ...choice, to })}
        />
      )}
      {(choice?.say === 'refuse' || choice?.say === 'return' || choice?.say === 'recuse') && (
        <Input
          className="x-line-reason"
          value={choice.reason ?? ''}
          maxLength={500}
          placeholder={choice.say === 'recuse' ? '回避原因（可不填）' : '理由（必填，申请人看得到）'}
          aria-label="理由"
          status={problem ? 'error' : ''}
          onChange={(event) => onChoose({ ...choice, reason: event.target.value })}
        />
      )}
      {problem && <p className="x-problem">{problem}</p>}
    </div>
  )
}
