import { Refusal, type CodeProved, type ResetCodeAsked } from '#model'
import { askForCode, proveCode, resetByCode } from '../../access/reset-by-code.ts'
import type { SignInWays } from '../../access/outside/from-environment.ts'
import type { Server } from '../server.ts'
import { bodyOf } from './records.ts'
import { captchaOf, textOf } from './session.ts'

/** 忘记密码: a code by short message, then a new password. Without a gateway there is no such way. */
export const resetRoutes = ({ sms }: SignInWays) => ({ app, kernel, sessions }: Server): void => {
  const open = { config: { who: 'public' } } as const
  const needGateway = () => {
    if (!sms) throw new Refusal('unknownRoute')
  }
  app.post('/api/reset', open, (request): Promise<ResetCodeAsked> => {
    needGateway()
    const body = bodyOf(request)
    const given = { name: textOf(body, 'account', 100), mobile: textOf(body, 'mobile', 30), captcha: captchaOf(body['captcha']) }
    return askForCode(kernel, { ...given, address: request.ip })
  })
  app.post('/api/reset/code', open, async (request): Promise<CodeProved> => {
    needGateway()
    const body = bodyOf(request)
    const proved = await proveCode(kernel, textOf(body, 'reset', 100), textOf(body, 'code', 40))
    return { ...proved, passwordLength: (await kernel.protection.policy()).passwordLength }
  })
  app.post('/api/reset/password', { config: { ...open.config, lane: 'passwords' } }, async (request) => {
    needGateway()
    const body = bodyOf(request)
    await resetByCode(kernel, textOf(body, 'reset', 100), textOf(body, 'next'), request.ip)
    sessions.forget()
    return { done: true }
  })
} // prettier-ignore
