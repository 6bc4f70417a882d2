// What modules add.
import { mine, right, other, type RouteCase } from '../stated.ts'

export const modulesRoutes: Readonly<Record<string, RouteCase>> = {
  'GET /api/rules': right('policies.rules'),
  'GET /api/rules/:key': right('policies.rules'),
  'POST /api/rules/sign': right('policies.sign'),
  'GET /api/clock/year': right('policies.calendar'),
  'GET /api/clock/trial': right('policies.calendar'),

  // Organisation.
  'GET /api/organisation/chart': right('organisation.chart'),
  'POST /api/organisation/movements/:id/revoke': mine(),
  'GET /api/organisation/teams': right('organisation.teams'),
  'POST /api/organisation/teams/:id/snapshot': mine(),

  // Privileges.
  'GET /api/privileges/applicable': right('privileges.apply'),
  'POST /api/privileges/applications': right('privileges.apply'),
  'POST /api/privileges/applications/prepare': right('privileges.fillIn'),
  'GET /api/privileges/applications/prepared': right('privileges.apply'),
  'POST /api/privileges/department-list': mine(),
  'POST /api/privileges/grants': right('privileges.manage'),
  'POST /api/privileges/grants/:id/:ending': mine(),
  'POST /api/privileges/letters': { stated: { kind: 'right', rights: ['privileges.manage'], people: true }, body: { practitioner: other } },
  'GET /api/privileges/letters/:id/pdf': mine(),
  'GET /api/privileges/matrix': right('privileges.matrix'),
  'POST /api/privileges/procedures/copy': mine({ file: true }),
  'GET /api/privileges/why': right('privileges.why'),
  'POST /api/privileges/check': right('privileges.check'),
  'GET /api/privileges/check/codes': right('privileges.check'),
  'GET /api/privileges/changes': right('privileges.feed'),
  'GET /api/privileges/snapshot': right('privileges.feed'),
  'POST /api/privileges/reconcile': right('privileges.feed'),
} // prettier-ignore
