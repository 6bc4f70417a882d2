// What modules add.
import { mine, right, other, type RouteCase } from '../stated.ts'

export const modulesRoutes: Readonly<Record<string, RouteCase>> = {
  'GET /api/rules': right('policies.rules'),
  'GET /api/rules/:key': right('policies.rules'),
  'POST /api/rules/sign': right('policies.sign'),
  'GET /api/clock/year': right('policies.calendar'),
  'GET /api/clock/trial': right('policies.calendar'),

  // Organisation.
  'GET /api/staff/dynamics': right('staff.dynamics'),
  'GET /api/staff/dynamics/export': right('staff.dynamics.export'),
  'GET /api/organisation/chart': right('organisation.chart'),
  'GET /api/fhir/R4/metadata': right('organisation.fhir'),
  'GET /api/fhir/R4/Practitioner': right('organisation.fhir'),
  'GET /api/fhir/R4/Practitioner/:id': right('organisation.fhir'),
  'GET /api/fhir/R4/PractitionerRole': right('organisation.fhir'),
  'GET /api/fhir/R4/PractitionerRole/:id': right('organisation.fhir'),
  'GET /api/fhir/R4/Organization': right('organisation.fhir'),
  'GET /api/fhir/R4/Organization/:id': right('organisation.fhir'),
  'GET /api/fhir/R4/Location': right('organisation.fhir'),
  'GET /api/fhir/R4/Location/:id': right('organisation.fhir'),
  'POST /api/organisation/movements/:id/revoke': mine(),
  'POST /api/organisation/secondments/:id/term': mine(),
  'GET /api/organisation/beds': right('organisation.beds'),
  'POST /api/organisation/beds/states': right('organisation.bedNews'),

  'GET /api/organisation/rotations/:id': right('organisation.rotation'),
  'POST /api/organisation/rotations/:id/adjust': right('organisation.rotation'),
  'POST /api/organisation/rotations/:id/generate': right('organisation.rotation'),
  'POST /api/organisation/rotations/:id/join': right('organisation.rotation'),
  'POST /api/organisation/rotations/:id/publish': right('organisation.rotation'),
  'POST /api/organisation/rotations/:id/withdraw': right('organisation.rotation'),

  // Staff.
  'POST /api/staff/permanent': right('staff.permanent'),
  'GET /api/organisation/teams': right('organisation.teams'),
  'POST /api/organisation/teams/:id/snapshot': mine(),

  'POST /api/organisation/feeds/:code/people': right('organisation.feed'),
  'POST /api/organisation/feeds/:code/units': right('organisation.feed'),
  'GET /api/organisation/feeds/:code/template': right('organisation.feed'),
  'POST /api/organisation/feeds/:code/absences': right('organisation.feed'),
  'POST /api/organisation/feed-lines/:id/claim': right('organisation.feedClaim'),
  'POST /api/organisation/feed-lines/:id/leave': right('organisation.feedClaim'),
  'POST /api/organisation/feed-lines/:id/ignore': right('organisation.feedClaim'),
  'POST /api/organisation/feed-runs/:id/decide': right('organisation.feedClaim'),

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
