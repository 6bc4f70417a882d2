import type { Field } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Input } from 'antd'
import dayjs from 'dayjs'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { keys, useMe } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf } from '#kernel/web/api/problem.ts'
import { FilesInput } from '#kernel/web/fields/files-input.tsx'
import { PersonPicker, RecordsPicker } from '#kernel/web/fields/record-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import './grant.css'

const scanField = {
  kind: 'files',
  label: '依据扫描件',
  required: false,
  options: { accept: ['image/*', 'application/pdf'], maxFiles: 5 },
} as unknown as Field<'files'>

/** 直接授权: the office grants on a basis, without an application. */
function DirectGrantPage() {
  const { today } = useMe()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [practitioner, setPractitioner] = useState<string | null>(null)
  const [procedures, setProcedures] = useState<string[]>([])
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState<string | null>(null)
  const [basisNumber, setBasis] = useState('')
  const [basisScan, setScan] = useState<string[]>([])
  const [problems, setProblems] = useState<Record<string, string>>({})
  const [isSending, setSending] = useState(false)

  async function grant() {
    setSending(true)
    setProblems({})
    try {
      const { granted } = await api.post<{ granted: string[] }>('/api/privileges/grants', {
        practitioner,
        procedures,
        from,
        to: to ?? undefined,
        basisNumber,
        basisScan,
      })
      void message.success(`已授予 ${granted.length} 项`)
      void client.invalidateQueries({ queryKey: keys.list('privileges.grant') })
      void navigate('/r/privileges.grant')
    } catch (error) {
      setProblems(
        Object.fromEntries(error instanceof ApiError ? (error.problem.problems ?? []).map((p) => [p.field.split('.')[0]!, p.message]) : []),
      )
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  return (
    <div className="x-page g-page">
      <PageHead title="直接授权" hint="由管理层授予，须有依据" />
      <section className="x-card g-card">
        <Row label="医务人员" problem={problems['practitioner']}>
          <PersonPicker value={practitioner} onChange={setPractitioner} isInvalid={!!problems['practitioner']} />
        </Row>
        <Row label="手术" problem={problems['procedures']}>
          <RecordsPicker
            target="privileges.procedure"
            value={procedures}
            onChange={setProcedures}
            placeholder="名称、别名、首字母或编码，可选多项"
            isInvalid={!!problems['procedures']}
          />
        </Row>
        <Row label="有效期" problem={problems['from'] ?? problems['to']}>
          <div className="g-days">
            <DatePicker
              aria-label="开始"
              value={dayjs(from)}
              allowClear={false}
              onChange={(day) => setFrom(day?.format('YYYY-MM-DD') ?? today)}
            />
            <span>至</span>
            <DatePicker
              aria-label="结束"
              value={to ? dayjs(to) : null}
              placeholder="默认两年"
              onChange={(day) => setTo(day?.format('YYYY-MM-DD') ?? null)}
            />
          </div>
        </Row>
        <Row label="依据文号" problem={problems['basisNumber']}>
          <Input
            aria-label="依据文号"
            maxLength={100}
            value={basisNumber}
            status={problems['basisNumber'] ? 'error' : ''}
            placeholder="如 医务〔2026〕15号"
            onChange={(event) => setBasis(event.target.value)}
          />
        </Row>
        <Row label="扫描件">
          <FilesInput
            id="basis"
            field={scanField}
            value={basisScan}
            onChange={(ids) => setScan((ids as string[] | null) ?? [])}
            onBlur={() => undefined}
            isInvalid={false}
            isDisabled={false}
          />
        </Row>
      </section>
      <footer className="x-acts">
        <Button type="primary" loading={isSending} onClick={() => void grant()}>
          授权{procedures.length > 0 && ` · ${procedures.length} 项`}
        </Button>
      </footer>
    </div>
  )
}
function Row({ label, problem, children }: { label: string; problem?: string | undefined; children: ReactNode }) {
  return (
    <div className="g-row">
      <span>{label}</span>
      <div>
        {children}
        {problem && <p className="g-problem">{problem}</p>}
      </div>
    </div>
  )
}

export default definePage({ title: '直接授权', path: '/privileges/grant/direct', component: DirectGrantPage })
