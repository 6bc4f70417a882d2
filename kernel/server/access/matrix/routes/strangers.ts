// Signing in, and what strangers were given a link to.
import { open, type RouteCase } from '../stated.ts'

export const strangersRoutes: Readonly<Record<string, RouteCase>> = {
  'GET /api/sign-in': open(),
  'POST /api/sign-in': open(),
  'POST /api/sign-in/captcha': open(),
  'GET /api/password-key': open(),
  'POST /api/sign-in/second': open(),
  'POST /api/sign-in/outside': open(),
  'POST /api/sign-in/outside/bind': open(),
  'POST /api/reset': open(),
  'POST /api/reset/code': open(),
  'POST /api/reset/password': open(),
  'GET /api/s/:token': open(),
  'POST /api/s/:token/open': open(),
  'POST /api/s/:token/captcha': open(),
  'POST /api/s/:token/entries': open(),
  'GET /api/verify/:code': open(),
  'GET /api/v/:code': open(),
  'GET /api/privacy': open(),
} // prettier-ignore
