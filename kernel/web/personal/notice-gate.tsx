import type { Me, OwnConsent, OwnPrivacy, PrivacyAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Button, Radio } from 'antd'
import { useState, type ReactNode } from 'react'
import { api, signOut } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { isStatus } from '../api/problem.ts'
import { session } from '../api/session.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useSend, without } from '../parts/use-send.tsx'
import { NoticeText, PurposeFacts } from './notice-text.tsx'

/** Before anything else: whoever has not read what is in force reads it, and answers each purpose that rests on consent. */
export function NoticeGate({ children }: { children: ReactNode }) {
  const me = useMe()
  return me.mustReadNotice ? <Gate onDone={() => session.set({ ...me, mustReadNotice: false } satisfies Me)} /> : children
}

type Answers = Readonly<Record<string, boolean>>
function Gate({ onDone }: { onDone: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['notice'],
    queryFn: async ({ signal }) => {
      const [notice, own] = await Promise.all([api.get<PrivacyAnswer>('/api/privacy', {}, signal), api.get<OwnPrivacy>('/api/me/privacy', {}, signal)])
      return { notice, own }
    },
  })
  return (
    <div className="x-gate">
      <main className="x-notice-page">
        <header>
          <p>{data?.notice.hospital}</p>
          <h1>请先阅读隐私政策</h1>
        </header>
        {error ? <Failed error={error} retry={() => void refetch()} /> : !data ? <Skeleton rows={10} /> : <Form notice={data.notice} own={data.own} onDone={onDone} again={() => void refetch()} />}
      </main>
    </div>
  )
} // prettier-ignore

interface FormProps {
  notice: PrivacyAnswer
  own: OwnPrivacy
  onDone: () => void
  again: () => void
}
function Form({ notice: { policy }, own, onDone, again }: FormProps) {
  // What still stands is not asked anew, only shown; what is open has no answer beforehand.
  const [answers, setAnswers] = useState<Answers>(() => Object.fromEntries(own.consents.flatMap(({ code, stands }) => (stands === 'given' ? [[code, true]] : []))))
  const { isSending, problems, setProblems, problem, send } = useSend()
  if (!policy) return null
  async function submit() {
    const refused = await send(async () => {
      await api.post('/api/me/privacy', { policy: policy!.id, answers })
      onDone()
    })
    if (isStatus(refused, 409)) again()
  }
  const answer = (code: string, given: boolean) => {
    setAnswers((before) => ({ ...before, [code]: given }))
    setProblems((before) => without(before, `answers.${code}`))
  }
  const parts = [
    { title: '请逐项选择', hint: '不同意不影响使用系统的其他功能，以后可在“我的个人信息”随时更改', list: own.consents.filter((one) => !one.isSensitive) },
    { title: '敏感个人信息，请单独选择', hint: '一旦泄露或被非法使用，容易侵害人格尊严或危害人身、财产安全', list: own.consents.filter((one) => one.isSensitive) },
  ]
  return (
    <>
      <section className="x-card x-gate-text" tabIndex={0} aria-label="隐私政策正文">
        <NoticeText policy={policy} isAsked />
      </section>
      {parts.map(({ title, hint, list }) => list.length > 0 && (
        <section key={title} className="x-card x-consents">
          <h2>{title}</h2>
          <p className="x-muted">{hint}</p>
          {list.map((one) => (
            <Choice key={one.code} purpose={one} given={answers[one.code]} problem={problems[`answers.${one.code}`]} onAnswer={(given) => answer(one.code, given)} />
          ))}
        </section>
      ))}
      {problem('')}
      <footer className="x-gate-foot">
        <Button onClick={() => void signOut()}>暂不使用，退出</Button>
        <Button type="primary" size="large" loading={isSending} onClick={() => void submit()}>
          我已阅读，提交选择
        </Button>
      </footer>
    </>
  )
} // prettier-ignore

interface ChoiceProps {
  purpose: OwnConsent
  given: boolean | undefined
  problem: string | undefined
  onAnswer: (given: boolean) => void
}
function Choice({ purpose, given, problem, onAnswer }: ChoiceProps) {
  return (
    <fieldset className="x-consent" aria-label={purpose.name}>
      <h3>
        {purpose.name}
        {purpose.isSensitive && <em>敏感个人信息</em>}
      </h3>
      <PurposeFacts purpose={purpose} />
      <Radio.Group
        value={given === undefined ? undefined : given ? 'yes' : 'no'}
        options={[
          { value: 'yes', label: '同意' },
          { value: 'no', label: '不同意' },
        ]}
        onChange={(event) => onAnswer(event.target.value === 'yes')}
      />
      {problem && (
        <p className="x-problem" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  )
}
