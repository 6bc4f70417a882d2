import type { OutsideStep } from '#model'
import { outsideLabels } from './outside-ways.tsx'
import { SignInForm } from './sign-in-form.tsx'

interface Props {
  step: OutsideStep
  captcha?: boolean | undefined
  onStep: (step: OutsideStep) => void
  onBack: () => void
}
/** Whom another system has proved, and who belongs to no account yet: he applies with account and password, and waits for an officer. */
export function OutsideStepForm({ step, captcha, onStep, onBack }: Props) {
  const label = outsideLabels[step.provider]
  const isWaiting = step.binding === 'waiting'
  return (
    <>
      <h2 className="si-title">{isWaiting ? '绑定申请已提交' : `绑定${label}`}</h2>
      <p className="si-note" role={isWaiting ? 'status' : undefined}>
        {isWaiting ? (
          <>
            {label}身份“{step.name}”正等待系统管理员审批。通过后可直接用{label}登录；在此之前，请用账号密码登录。
          </>
        ) : (
          <>
            {label}身份“{step.name}”还没有绑定账号。请填写一次账号和密码，由系统管理员审批后即可使用。
          </>
        )}
      </p>
      {step.refused && <p className="si-problem">上次申请被驳回：{step.refused}</p>}
      {!isWaiting && <SignInForm captcha={captcha} act={{ path: '/api/sign-in/outside/bind', label: '申请绑定', busy: '正在提交…' }} onStep={onStep} />}
      <div className={isWaiting ? 'si-form' : 'si-links'}>
        <button type="button" className={isWaiting ? 'si-submit' : undefined} onClick={onBack}>
          {isWaiting ? '用账号密码登录' : '暂不绑定，用账号密码登录'}
        </button>
      </div>
    </>
  )
} // prettier-ignore
