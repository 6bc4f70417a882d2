import { Checkbox, Input } from 'antd'
import { useComposedText } from '#kernel/web/fields/use-composed-text.ts'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { matchesSearch, notApplicable, type ApplicableProcedure } from './application.rules.ts'

export const levelLabels = { one: '一级', two: '二级', three: '三级', four: '四级' } as const

interface Props {
  list: readonly ApplicableProcedure[]
  kind: string
  today: string
  chosen: ReadonlySet<string>
  onToggle: (procedure: ApplicableProcedure) => void
}

/** The department's list to choose from: by name, alias, pinyin initials or code; what he holds, what waits, over his level, restricted. */
export function ProcedurePicker({ list, kind, today, chosen, onToggle }: Props) {
  const { settled: search, input } = useComposedText('', 120)
  const found = list.filter((line) => matchesSearch(line, search))
  return (
    <div className="p-picker">
      <Input {...input} allowClear size="large" placeholder="名称、别名、拼音首字母或编码" aria-label="查找手术" />
      {found.length === 0 && (
        <p className="p-empty">
          {list.length ? `没有找到“${search}”，可请科室把它加入科室手术目录` : '本科室还没有手术目录，请联系科主任维护'}
        </p>
      )}
      <ul>
        {found.map((line) => {
          const reason = notApplicable(line, kind, today)
          return (
            <li key={line.id}>
              <Checkbox checked={chosen.has(line.id)} disabled={reason !== null && !chosen.has(line.id)} onChange={() => onToggle(line)}>
                <span className="p-line">
                  <span>
                    {line.name} <small>{line.code}</small>
                    {line.alias && <small> · {line.alias}</small>}
                  </span>
                  <span className="p-marks">
                    {line.level && <Tag>{levelLabels[line.level]}</Tag>}
                    {line.granted && <Tag tone="good">已有{line.granted.to ? `，至 ${line.granted.to}` : ''}</Tag>}
                    {line.pending && <Tag tone="info">申请中</Tag>}
                    {line.overLevel && <Tag tone="warn">越级</Tag>}
                    {line.restricted && <Tag tone="bad">限制类</Tag>}
                  </span>
                </span>
              </Checkbox>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
