import type { FieldKind, PublicField } from '#model'
import { useEffect, useRef, useState, type SyntheticEvent } from 'react'
import { newId } from '../api/client.ts'
import { problemsOf, type Problems } from '../api/problem.ts'
import { askPublic } from './ask-public.ts'

interface Props {
  token: string
  password: string
  note: string | null
  fields: readonly PublicField[]
}
/** An empty form for strangers: plain inputs, no library, what is wrong at its place, and a picture to be read at the end. */
export function PublicForm({ token, password, note, fields }: Props) {
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({})
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setBusy] = useState(false)
  const [isDone, setDone] = useState(false)
  const [picture, setPicture] = useState<{ id: string; svg: string } | null>(null)
  const [answer, setAnswer] = useState('')
  const actId = useRef(newId())
  const form = useRef<HTMLFormElement>(null)
  async function draw() {
    const found = await askPublic<{ id: string; svg: string }>('POST', `/api/s/${token}/captcha`, {})
    if ('problem' in found) setProblems((before) => ({ ...before, captcha: found.problem.title }))
    else setPicture(found.answer)
    setAnswer('')
  }
  useEffect(() => {
    void draw()
    // oxlint-disable-next-line react/exhaustive-deps
  }, [token])
  async function submit(event: SyntheticEvent) {
    event.preventDefault()
    setBusy(true)
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== null))
    const body = { password, values: given, captcha: { id: picture?.id, answer }, actId: actId.current }
    const found = await askPublic<unknown>('POST', `/api/s/${token}/entries`, body)
    setBusy(false)
    if (!('problem' in found)) return setDone(true)
    setProblems(problemsOf(found.problem))
    void draw()
    requestAnimationFrame(() => form.current?.querySelector('.s-problem')?.scrollIntoView({ block: 'center' }))
  }
  if (isDone)
    return (
      <div className="s-card s-done" role="status">
        <h2>✓ 已提交</h2>
        <p>我们已收到您填写的内容，可以关闭本页。</p>
      </div>
    )
  const put = (key: string, value: unknown) => setValues({ ...values, [key]: value })
  return (
    <form ref={form} className="s-card" onSubmit={(event) => void submit(event)} noValidate>
      {note && <p className="s-note">{note}</p>}
      {fields.map((field) => (
        <div key={field.key} className="s-field">
          <label htmlFor={`f-${field.key}`}>
            {field.label}
            {field.required && <i aria-hidden>*</i>}
          </label>
          <Input field={field} value={values[field.key]} onChange={(value) => put(field.key, value)} isInvalid={!!problems[field.key]} />
          {field.help && <small>{field.help}</small>}
          {problems[field.key] && (
            <p id={`p-${field.key}`} className="s-problem" role="alert">
              {problems[field.key]}
            </p>
          )}
        </div>
      ))}
      <div className="s-field">
        <label htmlFor="captcha">
          验证码<i aria-hidden>*</i>
        </label>
        <div className="s-captcha">
          <input id="captcha" inputMode="numeric" autoComplete="off" maxLength={8} value={answer} onChange={(event) => setAnswer(event.target.value)} />
          {picture && <img src={`data:image/svg+xml;utf8,${encodeURIComponent(picture.svg)}`} alt="验证码图片：四个数字" />}
          <button type="button" className="s-plain" onClick={() => void draw()}>
            换一张
          </button>
        </div>
        {problems['captcha'] && (
          <p className="s-problem" role="alert">
            {problems['captcha']}
          </p>
        )}
      </div>
      {problems[''] && (
        <p className="s-problem" role="alert">
          {problems['']}
        </p>
      )}
      <button type="submit" disabled={isBusy}>
        {isBusy ? '正在提交…' : '提交'}
      </button>
    </form>
  )
} // prettier-ignore
const types: Readonly<Partial<Record<FieldKind, string>>> = { date: 'date', time: 'time', yearMonth: 'month', phone: 'tel', email: 'email' }
const numbers: ReadonlySet<FieldKind> = new Set<FieldKind>(['integer', 'decimal', 'year', 'counter', 'rating'])

interface InputProps {
  field: PublicField
  value: unknown
  onChange: (value: unknown) => void
  isInvalid: boolean
}
function Input({ field, value, onChange, isInvalid }: InputProps) {
  const { key, kind, choices, max } = field
  const shared = { id: `f-${key}`, 'aria-invalid': isInvalid, ...(isInvalid ? { 'aria-describedby': `p-${key}` } : {}) }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  if (kind === 'longText') return <textarea {...shared} rows={4} value={text} onChange={(event) => onChange(event.target.value)} />
  if (kind === 'boolean' || kind === 'switch')
    return <input {...shared} type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
  if (kind === 'choice')
    return (
      <select {...shared} value={text} onChange={(event) => onChange(event.target.value)}>
        <option value="">请选择</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    )
  if (kind === 'choices') {
    const chosen = Array.isArray(value) ? (value as string[]) : []
    return (
      <div className="s-choices" role="group" aria-label={field.label}>
        {choices.map((choice) => (
          <label key={choice.value}>
            <input
              type="checkbox"
              checked={chosen.includes(choice.value)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, choice.value] : chosen.filter((one) => one !== choice.value))
              }
            />
            {choice.label}
          </label>
        ))}
      </div>
    )
  }
  const isNumber = numbers.has(kind)
  // A decimal travels as text, so that nothing is rounded on the way.
  const read = (typed: string): unknown => (isNumber && kind !== 'decimal' && /^-?\d+$/.test(typed.trim()) ? Number(typed) : typed)
  return (
    <span className="s-input">
      <input
        {...shared}
        type={types[kind] ?? 'text'}
        inputMode={isNumber ? 'decimal' : undefined}
        maxLength={kind === 'text' && max ? max : undefined}
        value={text}
        onChange={(event) => onChange(read(event.target.value))}
      />
      {field.unit && <small>{field.unit}</small>}
    </span>
  )
}
