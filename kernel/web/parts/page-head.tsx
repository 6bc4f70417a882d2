import { LeftOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { usePageTitle } from '../shell/page-context.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { PinPage } from '../shortcuts/pin-button.tsx'
import './parts.css'

interface Props {
  title: string
  /** What the tab says, when the title is too long or too general for it. */
  tab?: string | undefined
  /** Beside the title: how many, which state. */
  hint?: ReactNode
  acts?: ReactNode
  /** A root page of the phone has no way back. */
  isRoot?: boolean
}
/** The head of every page: a row on the desk, the fixed bar on a phone. */
export function PageHead({ title, tab, hint, acts, isRoot }: Props) {
  const isPhone = useIsPhone()
  usePageTitle(tab ?? title)
  if (!isPhone)
    return (
      <header className="x-head">
        <h1>{title}</h1>
        {hint && <span className="x-head-hint">{hint}</span>}
        <PinPage name={tab ?? title} />
        <span className="x-space" />
        {acts && <div className="x-head-acts">{acts}</div>}
      </header>
    )
  return (
    <header className="x-bar">
      {!isRoot && <BackButton />}
      <h1>{title}</h1>
      {hint && <span className="x-bar-hint">{hint}</span>}
      <span className="x-space" />
      {!isRoot && <PinPage name={tab ?? title} />}
      {acts}
    </header>
  )
}

function BackButton() {
  const navigate = useNavigate()
  const isFirst = (history.state as { idx?: number } | null)?.idx === 0
  return (
    <button type="button" className="x-icon-button" aria-label="返回" onClick={() => void (isFirst ? navigate('/') : navigate(-1))}>
      <LeftOutlined />
    </button>
  )
}
