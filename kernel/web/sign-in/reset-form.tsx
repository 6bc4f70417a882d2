import type { CodeProved, ResetCodeAsked } from '#model'
import { brokenRules, passwordRules } from '#kernel/model/security/passwords.ts'
import { useEffect, useId, useState, type FormEvent } from 'react'
import { api } from '../api/client.ts'
import { ApiError } from '../api/problem.ts'
import { postSealed } from '../api/seal-passwords.ts'
import { useSend } from '../parts/use-send.tsx'
import { CaptchaInput, type Captcha } from './captcha.tsx'
import { NewPassword } from './new-password.tsx'
import { textOf } from './sign-in-form.tsx'

interface Props {
  /** Back to signing in, with what has been done. */
  onDone: (notice?: string) => void
}
/** 忘记密码: who one is and the number in one's file, the code that comes to it, a new password. */
export function ResetForm({ onDone }: Props) {
  const [asked, setAsked] = useState<ResetCodeAsked | null>(null)
  const [proved, setProved] = useState<CodeProved | null>(null)
  const [why, setWhy] = useState('')
  const again = (reason: string) => (setAsked(null), setProved(null), setWhy(reason))
  return (
    <>
      <h2 className="si-title">{proved ? '设置新密码' : '忘记密码'}</h2>
      {!asked ? (
        <AskForm why={why} onAsked={setAsked} />
      ) : !proved ? (
        <CodeStep asked={asked} onProved={setProved} onAgain={again} />
      ) : (
        <NextStep reset={asked.reset} proved={proved} onAgain={again} onDone={() => onDone('密码已重置，请用新密码登录。')} />
      )}
      <div className="si-links">
        <button type="button" onClick={() => onDone()}>
          返回登录
        </button>
      </div>
    </>
  )
}

function AskForm({ why, onAsked }: { why: string; onAsked: (asked: ResetCodeAsked) => void }) {
  const id = useId()
  const { isSending, problems, setProblems, send } = useSend()
  const [read, setRead] = useState<Captcha | null>(null)
  const [round, setRound] = useState(0)
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = { account: textOf(form, 'account').trim(), mobile: textOf(form, 'mobile').trim() }
    const missing = {
      ...(given.account ? {} : { account: '请填写账号或工号' }),
      ...(given.mobile ? {} : { mobile: '请填写手机号' }),
      ...(read ? {} : { captcha: '请填写图形验证码' }),
    }
    if (Object.keys(missing).length) return setProblems(missing)
    const refused = await send(async () => onAsked(await api.post<ResetCodeAsked>('/api/reset', { ...given, captcha: read })))
    // A picture is read once, whatever it was read for.
    if (refused === null) return
    setRound((n) => n + 1)
    setRead(null)
  }
  const field = (name: 'account' | 'mobile') => ({ id: `${id}${name}`, name, 'aria-invalid': problems[name] !== undefined, 'aria-describedby': `${id}${name}e` })
  const at = (name: 'account' | 'mobile') => problems[name] && <p id={`${id}${name}e`} className="si-at" role="alert">{problems[name]}</p>
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <p className="si-note">验证码发到您档案中登记的手机。</p>
      <label htmlFor={`${id}account`}>账号</label>
      <input {...field('account')} autoComplete="username" autoCapitalize="none" spellCheck={false} placeholder="账号名或工号" autoFocus />
      {at('account')}
      <label htmlFor={`${id}mobile`}>登记的手机号</label>
      <input {...field('mobile')} type="tel" inputMode="tel" autoComplete="tel-national" maxLength={20} placeholder="11 位手机号" />
      {at('mobile')}
      <CaptchaInput key={round} onChange={setRead} />
      <p className="si-problem" role="alert">
        {problems['captcha'] ?? problems[''] ?? why}
      </p>
      <button className="si-submit" disabled={isSending}>
        {isSending ? '正在获取…' : '获取验证码'}
      </button>
    </form>
  )
} // prettier-ignore

const isEnded = (refused: unknown): boolean => refused instanceof ApiError && refused.problem.code === 'ticketEnded'
interface StepProps {
  onAgain: (why: string) => void
}
function CodeStep({ asked, onProved, onAgain }: StepProps & { asked: ResetCodeAsked; onProved: (proved: CodeProved) => void }) {
  const id = useId()
  const { isSending, problems, setProblems, send } = useSend()
  const left = useCountdown(60)
  const [code, setCode] = useState('')
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!/^\d{6}$/.test(code.normalize('NFKC').replace(/\s/g, ''))) return setProblems({ code: '请填写短信中的 6 位数字' })
    const refused = await send(async () => onProved(await api.post<CodeProved>('/api/reset/code', { reset: asked.reset, code })))
    if (isEnded(refused)) onAgain('验证码已过期，或输错次数过多，请重新获取')
  }
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <p className="si-note" role="status">
        如果账号和手机号与档案一致，验证码已发出，{asked.minutes} 分钟内有效。没有收到时，请核对后重新获取，或请系统管理员重置。
      </p>
      <label htmlFor={id}>短信验证码</label>
      <input id={id} className="si-code" inputMode="numeric" autoComplete="one-time-code" maxLength={8} placeholder="6 位数字" value={code} autoFocus aria-describedby={`${id}e`} aria-invalid={problems['code'] !== undefined} onChange={(event) => setCode(event.target.value)} />
      <p id={`${id}e`} className="si-problem" role="alert">
        {Object.values(problems).join('；')}
      </p>
      <button className="si-submit" disabled={isSending}>
        {isSending ? '正在验证…' : '下一步'}
      </button>
      <div className="si-links">
        <button type="button" disabled={left > 0} onClick={() => onAgain('')}>
          {left > 0 ? `重新获取（${left} 秒后）` : '重新获取'}
        </button>
      </div>
    </form>
  )
} // prettier-ignore
/** Seconds left of so many since this was shown. */
function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const timer = setInterval(() => setLeft((n) => Math.max(n - 1, 0)), 1000)
    return () => clearInterval(timer)
  }, [])
  return left
}

function NextStep({ reset, proved, onAgain, onDone }: StepProps & { reset: string; proved: CodeProved; onDone: () => void }) {
  const id = useId()
  const { isSending, problems, setProblems, send } = useSend()
  const [next, setNext] = useState('')
  const rules = passwordRules(proved, [proved.account, proved.staffNumber])
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const again = textOf(new FormData(event.currentTarget), 'again')
    const broken = brokenRules(rules, next)
    if (broken) return setProblems({ next: broken })
    if (next !== again) return setProblems({ again: '两次输入的新密码不一致' })
    const refused = await send(async () => {
      await postSealed('/api/reset/password', { reset }, { next })
      onDone()
    })
    if (isEnded(refused)) onAgain('验证已过期，请重新获取验证码')
  }
  return (
    <form className="si-form" onSubmit={(event) => void submit(event)} noValidate>
      <p className="si-note">账号 {proved.account}。设置后，已登录的设备都会退出；绑定的动态口令不变。</p>
      <NewPassword id={id} rules={rules} value={next} onTyping={setNext} wrong={{ next: problems['next'] !== undefined, again: problems['again'] !== undefined }} autoFocus />
      <p id={`${id}e`} className="si-problem" role="alert">
        {Object.values(problems).join('；')}
      </p>
      <button className="si-submit" disabled={isSending}>
        {isSending ? '正在保存…' : '保存新密码'}
      </button>
    </form>
  )
} // prettier-ignore
