// Who may call every route, written down a second time: from what a hospital wants of it, not from the code of the route. A route that stands here in no line
// fails the test by name.
import type { Action } from '#model'

export type Stated =
  /** Strangers too. */
  | { kind: 'public' }
  /** Whoever is signed in, about his own affairs; `owing`: also while he owes a password. Programs never. */
  | { kind: 'mine'; owing?: true }
  /** Whoever holds one of these rights; `people`: programs never. */
  | { kind: 'right'; rights: readonly string[]; people?: true }
  /** Whoever holds these actions over the record type in the address; `people`: programs never. */
  | { kind: 'type'; actions: readonly Action[]; people?: true }
  /** Whoever may name records of the type: who reads it, or writes or reads what refers to it. */
  | { kind: 'naming' }
  /** Programs only, each flow by a right of its own. */
  | { kind: 'program' }
export interface RouteCase {
  stated: Stated
  /** What must be said for the question of rights to be reached. */
  query?: string
  body?: Record<string, unknown>
  /** A file is sent. */
  file?: true
  /** The answer has no end: only refusals are looked at. */
  endless?: true
  /** Ends the session that asks. */
  last?: true
}
type More = Omit<RouteCase, 'stated'>

const open = (more: More = {}): RouteCase => ({ stated: { kind: 'public' }, ...more })
const mine = (more: More = {}): RouteCase => ({ stated: { kind: 'mine' }, ...more })
const owing = (more: More = {}): RouteCase => ({ stated: { kind: 'mine', owing: true }, ...more })
const right = (name: string, more: More = {}): RouteCase => ({ stated: { kind: 'right', rights: [name] }, ...more })
const over = (actions: Action | readonly Action[], more: More = {}): RouteCase => ({
  stated: { kind: 'type', actions: [actions].flat(), people: true },
  ...more,
})
const overOrProgram = (action: Action, more: More = {}): RouteCase => ({ stated: { kind: 'type', actions: [action] }, ...more })
const program = (): RouteCase => ({ stated: { kind: 'program' } })

const id = '018f0000-0000-7000-8000-000000000001'
const other = '018f0000-0000-7000-8000-000000000002'
const share = { kind: 'records', audience: 'inside', records: [id], fields: ['code'], days: 7 }

export const routeCases: Readonly<Record<string, RouteCase>> = {
  // Signing in, and what strangers were given a link to.
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
  'GET /api/privacy': open(),

  // One's own account and desk.
  'GET /api/me': owing(),
  'GET /api/me/sign-in': owing(),
  'POST /api/password': owing(),
  'POST /api/sign-out': owing({ last: true }),
  'POST /api/me/second-factor/start': owing(),
  'POST /api/me/second-factor/confirm': owing(),
  'POST /api/me/second-factor/codes': mine(),
  'POST /api/me/second-factor/remove': mine(),
  'POST /api/me/sessions/:id/end': mine(),
  'POST /api/me/sessions/end-others': mine(),
  'POST /api/me/bindings/:id/end': mine(),
  'POST /api/emergency/:id/end': mine(),
  'GET /api/autosave/*': mine(),
  'PUT /api/autosave/*': mine(),
  'DELETE /api/autosave/*': mine(),
  'GET /api/counts': mine(),
  'GET /api/me/watermark': mine(),
  'GET /api/me/privacy': mine(),
  'POST /api/me/privacy': mine(),
  'POST /api/me/privacy/:code': mine(),
  'GET /api/me/personal': mine(),
  'GET /api/me/personal/file': mine(),
  'POST /api/me/personal/requests': mine(),
  'PUT /api/me/likings/:name': mine(),
  'GET /api/definitions': mine(),
  'GET /api/openapi.json': mine(),
  'GET /api/live': mine({ endless: true }),
  'GET /api/messages': mine(),
  'POST /api/messages/read': mine(),
  'GET /api/todos': mine(),
  'POST /api/todos/:id/close': mine(),
  'GET /api/start': mine(),
  'PUT /api/start/favourites': mine(),
  'GET /api/shortcuts': mine(),
  'PUT /api/shortcuts': mine(),
  'GET /api/search': mine({ query: 'q=张三' }),
  'GET /api/settings': right('settings.administer'),
  'PUT /api/settings': right('settings.administer'),

  // Files, and what one is doing in several steps.
  'POST /api/files': mine({ file: true }),
  'GET /api/files': mine(),
  'GET /api/files/:id': mine(),
  'PUT /api/files/:id/thumbnail': mine(),
  'GET /api/files/:id/thumbnail': mine(),
  'POST /api/tables': mine({ file: true }),
  'POST /api/uploads': mine(),
  'GET /api/uploads/:id': mine(),
  'DELETE /api/uploads/:id': mine(),
  'POST /api/uploads/:id/finish': mine(),
  'PUT /api/uploads/:id/parts/:part': mine(),
  'GET /api/exports': mine(),
  'GET /api/exports/:id': mine(),
  'POST /api/exports/:id/cancel': mine(),
  'GET /api/exports/:id/file': mine(),
  'GET /api/imports': mine(),
  'GET /api/imports/:id': mine(),
  'POST /api/imports/:id/cancel': mine(),
  'PUT /api/imports/:id/choices': mine(),
  'GET /api/imports/:id/errors': mine(),
  'PUT /api/imports/:id/mapping': mine(),
  'POST /api/imports/:id/preview': mine(),
  'POST /api/imports/:id/run': mine(),
  'POST /api/imports/:id/undo': mine(),
  'POST /api/imports': over('import', { file: true, query: 'resource=TYPE' }),
  'GET /api/imports/profiles/:name': over('import'),

  // Records of every type.
  'GET /api/records/:resource': overOrProgram('read'),
  'GET /api/records/:resource/count': overOrProgram('read'),
  'POST /api/records/:resource': overOrProgram('create', { body: {} }),
  'GET /api/records/:resource/:id': overOrProgram('read'),
  'PATCH /api/records/:resource/:id': overOrProgram('update', { body: { version: 1, changes: {} } }),
  'DELETE /api/records/:resource/:id': overOrProgram('delete', { query: 'version=1' }),
  'PATCH /api/records/:resource': over('update', { body: { records: [{ id, version: 1, changes: {} }] } }),
  'GET /api/records/:resource/summary': over('read'),
  'GET /api/records/:resource/days': over('read', { query: 'on=createdAt&from=2026-06-01&to=2026-06-30' }),
  'GET /api/records/:resource/branches': over('read', { query: 'by=parent' }),
  'GET /api/records/:resource/used/:key': over('read'),
  'GET /api/records/:resource/:id/history': over('read'),
  'POST /api/records/:resource/:id/open': over('read', { body: { field: 'mobile', reason: '核对身份' } }),
  'GET /api/records/:resource/:id/pointing': over('read'),
  'PUT /api/records/:resource/:id/follow': over('read'),
  'DELETE /api/records/:resource/:id/follow': mine(),
  'GET /api/records/:resource/:id/grants': over('read'),
  'POST /api/records/:resource/:id/grants': over('read', { body: { person: 'COLLEAGUE', level: 'read', until: '2026-07-01' } }),
  'POST /api/records/:resource/:id/restore': over('delete'),
  'POST /api/records/:resource/:id/purge': over('purge', { body: { reason: '重复' } }),
  'POST /api/records/:resource/directly': over('writeDirectly', { body: { draft: {}, reason: '补录' } }),
  'POST /api/records/:resource/export': over(['export', 'read'], { body: { format: 'csv' } }),
  'GET /api/choices/:resource': { stated: { kind: 'naming' } },
  'POST /api/choices/:resource/named': { stated: { kind: 'naming' }, body: { texts: ['甲'] } },
  'GET /api/choices/:resource/tree/:parent': { stated: { kind: 'naming' } },
  'GET /api/duplicates/:resource': over('read', { query: 'keys=id:exact' }),
  'GET /api/merge/:resource': over('read', { query: `ids=${id},${other}` }),
  'POST /api/merge/:resource': over(['update', 'delete'], { body: { keep: id, records: [id, other].map((one) => ({ id: one, version: 1 })), reason: '重复' } }),
  'GET /api/views/:resource': over('read'),
  'POST /api/views/:resource': over('read', { body: { name: '我的', state: {} } }),
  'PUT /api/views/:resource/:id': over('read', { body: { name: '我的' } }),
  'DELETE /api/views/:resource/:id': over('read'),
  'GET /api/bin': right('bin.read'),
  'GET /api/closings': right('closing.read'),
  'POST /api/closings/:resource': over('close', { body: { act: 'close', through: '2026-01-31', reason: '月结' } }),
  'GET /api/given-records': mine(),
  'GET /api/follows': mine(),
  'POST /api/record-grants/:id/withdraw': mine(),
  'POST /api/shares': over('read', { body: { ...share, resource: 'TYPE' } }),
  'GET /api/shares': mine(),
  'GET /api/shares/:id/log': mine(),
  'POST /api/shares/:id/withdraw': mine(),
  'POST /api/shared/:token': mine(),
  'GET /api/reports': right('reports.use'),
  'POST /api/reports': right('reports.use'),
  'GET /api/reports/:id': right('reports.use'),
  'PUT /api/reports/:id': right('reports.use'),
  'DELETE /api/reports/:id': right('reports.use'),
  'POST /api/reports/run': right('reports.use'),
  'POST /api/reports/export': right('reports.use'),
  'GET /api/reports/sources/:base': over('read'),

  // Approvals: whoever applies, decides or stands in is asked by the flow itself.
  'POST /api/flows/preview': mine(),
  'POST /api/flows/submit/:resource': over('create', { body: { draft: {}, actId: id } }),
  'POST /api/flows/submit-together': mine(),
  'POST /api/flows/change/:resource/:id': over(['read', 'update'], { body: { changes: {}, actId: id, seenVersion: 1 } }),
  'POST /api/flows/change-many/:resource': mine(),
  'POST /api/flows/delete/:resource/:id': over(['read', 'delete'], { body: { actId: id, seenVersion: 1, reason: '重复' } }),
  'GET /api/flows': mine(),
  'GET /api/approvals/:id': mine(),
  'POST /api/approvals/:id/acts': mine(),
  'POST /api/approvals/:id/print': mine(),
  'GET /api/approvals/:id/rows': mine(),
  'GET /api/tasks': mine(),
  'POST /api/tasks/bulk': mine(),
  'GET /api/stand-ins': mine(),
  'POST /api/stand-ins': mine(),
  'POST /api/stand-ins/:id/end': mine(),
  'GET /api/phrases': mine(),
  'PUT /api/phrases': mine(),
  'GET /api/prepared': mine(),
  'GET /api/prepared/:id': mine(),
  'DELETE /api/prepared/:id': mine(),
  'POST /api/prepared/sign': mine(),
  'POST /api/prepared/:resource': right('flows.fillIn'),
  'GET /api/flow-bindings': right('flows.administer'),
  'PUT /api/flow-bindings/:resource/:occasion': right('flows.administer'),
  'GET /api/seal-uses': right('flows.administer'),
  'GET /api/incidents': right('flows.administer'),
  'GET /api/flow-replacements': right('flows.administer'),
  'POST /api/flow-replacements': right('flows.administer'),
  'POST /api/flow-replacements/:id/end': right('flows.administer'),
  'GET /api/flow-designs': right('flows.administer'),
  'POST /api/flow-designs': right('flows.administer'),
  'GET /api/flow-designs/:flow': right('flows.administer'),
  'PUT /api/flow-designs/:flow': right('flows.administer'),
  'DELETE /api/flow-designs/:flow/draft': right('flows.administer'),
  'POST /api/flow-designs/:flow/prove': right('flows.administer'),
  'GET /api/flow-versions': right('flows.administer'),
  'GET /api/flow-versions/:flow/:version/running': right('flows.administer'),
  'POST /api/flow-versions/:flow/:version/move': right('flows.administer'),
  'POST /api/flow-versions/:flow/:version/terminate': right('flows.administer'),
  'POST /api/flow-api/:flow': program(),
  'GET /api/flow-api/instances/:id': program(),
  'POST /api/flow-api/instances/:id/acts': program(),

  // The three officers, each with his own.
  'GET /api/accounts/:id/sign-in': { stated: { kind: 'right', rights: ['security.accounts', 'security.confirmResets'], people: true } },
  'POST /api/accounts/:id/unlock': right('security.accounts'),
  'POST /api/accounts/:id/sessions/end': right('security.accounts'),
  'POST /api/accounts/:id/reset': right('security.accounts'),
  'POST /api/account-resets/:id/judge': right('security.confirmResets'),
  'POST /api/account-resets/:id/carry-out': right('security.accounts'),
  'POST /api/bindings/:id/judge': right('security.bindings'),
  'POST /api/role-assignments/:id/end': right('security.roles'),
  'POST /api/role-assignments/:id/judge': right('security.confirmRoles'),
  'GET /api/emergency': right('security.emergency'),
  'POST /api/emergency': right('security.emergency'),
  'POST /api/emergency/:id/review': right('security.reviewEmergency'),
  'GET /api/protection': right('security.protection'),
  'PUT /api/protection': right('security.protection'),
  'POST /api/personal-requests/:id/carried-out': right('personal.carryOut'),
  'GET /api/watermark': right('security.watermark'),
  'PUT /api/watermark': right('security.watermark'),
  'POST /api/export-mark': right('security.exportMark', { file: true }),
  'POST /api/export-mark/number': right('security.exportMark'),
  'GET /api/clients/:id/keys': right('security.clients'),
  'POST /api/clients/:id/keys': right('security.clients'),
  'DELETE /api/clients/:id/keys/:key': right('security.clients'),
  'GET /api/rights': right('security.rights'),
  'GET /api/rights/file': right('security.rights'),
  'GET /api/rights/people/:id': right('security.rights'),
  'GET /api/rights/fields': right('security.rights'),
  'GET /api/rights/field': right('security.rights'),
  'GET /api/rights/field/people': right('security.rights'),
  'GET /api/rights/versions': right('security.rights'),
  'GET /api/rights/difference': right('security.rights'),
  'GET /api/rights/assignments': right('security.rights'),
  'GET /api/audit': right('security.audit'),
  'GET /api/audit/file': right('security.audit'),
  'GET /api/audit/sign-ins': right('security.audit', { query: 'from=2026-06-01&to=2026-06-30' }),
  'GET /api/audit/findings/:id/entries': right('security.reviewReads'),
  'POST /api/audit/findings/:id/review': right('security.reviewReads', { body: { verdict: 'explained', review: '会诊需要' } }),
  'GET /api/audit/state': right('security.audit'),
  'GET /api/audit/types': right('security.audit'),
  'POST /api/audit/verify': right('security.audit'),
  'GET /api/indexes': right('indexes.administer'),
  'POST /api/indexes': right('indexes.administer'),
  'DELETE /api/indexes/:name': right('indexes.administer'),
  'DELETE /api/indexes/questions/:resource': right('indexes.administer'),
  'GET /api/dictionary': right('dictionary.read'),
  'GET /api/dictionary/file': right('dictionary.read'),

  // Rules and calendar.
  'GET /api/rules': right('policies.rules'),
  'GET /api/rules/:key': right('policies.rules'),
  'POST /api/rules/sign': right('policies.sign'),
  'GET /api/clock/year': right('policies.calendar'),
  'GET /api/clock/trial': right('policies.calendar'),

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
