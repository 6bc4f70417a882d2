import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { keys, useMe } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import { RecordsPicker } from '#kernel/web/fields/record-picker.tsx'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import './pick.css'

/** 从院内目录选入: a department takes several procedures out of the hospital's list at once. */
function PickPage() {
  const { person } = useMe()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [unit, setUnit] = useState<string | null>(person?.unit ?? null)
  const [procedures, setProcedures] = useState<string[]>([])
  const [problems, setProblems] = useState<Record<string, string>>({})
  const [isSending, setSending] = useState(false)
  async function add() {
    setSending(true)
    setProblems({})
    try {
      const { added, known } = await api.post<{ added: number; known: number }>('/api/privileges/department-list', { unit, procedures })
      void message.success(known ? `选入 ${added} 项，${known} 项原已在目录中` : `选入 ${added} 项`)
      void client.invalidateQueries({ queryKey: keys.list('privileges.departmentProcedure') })
      void navigate('/r/privileges.departmentProcedure')
    } catch (error) {
      const given = error instanceof ApiError ? (error.problem.problems ?? []) : []
      setProblems(Object.fromEntries(given.map((p) => [p.field, p.message])))
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <div className="x-page d-page">
      <PageHead title="从院内目录选入" hint="加入科室手术目录" />
      <section className="x-card d-card">
        <label htmlFor="unit">科室</label>
        <div>
          <UnitPicker id="unit" value={unit} onChange={setUnit} isInvalid={!!problems['unit']} />
          {problems['unit'] && <p className="d-problem">{problems['unit']}</p>}
        </div>
        <label htmlFor="procedures">手术</label>
        <div>
          <RecordsPicker
            id="procedures"
            target="privileges.procedure"
            value={procedures}
            onChange={setProcedures}
            placeholder="名称、别名、首字母或编码，可选多项"
            isInvalid={!!problems['procedures']}
          />
          {problems['procedures'] && <p className="d-problem">{problems['procedures']}</p>}
        </div>
      </section>
      <footer className="x-acts">
        <Button type="primary" loading={isSending} onClick={() => void add()}>
          选入{procedures.length > 0 && ` · ${procedures.length} 项`}
        </Button>
      </footer>
    </div>
  )
}

export default definePage({ title: '从院内目录选入', path: '/privileges/department-list/pick', component: PickPage })
