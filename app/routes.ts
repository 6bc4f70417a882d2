import type { SignInWays } from '#kernel/server/access/outside/from-environment.ts'
import { findingRoutes } from '#kernel/server/audit/detection/routes.ts'
import type { Outside } from '#kernel/server/audit/outside.ts'
import { answerRoutes } from '#kernel/server/answers/routes.ts'
import { exportRoutes } from '#kernel/server/exchange/exporting/routes.ts'
import { Imports } from '#kernel/server/exchange/imports.ts'
import { importRoutes } from '#kernel/server/exchange/routes.ts'
import { FileStore } from '#kernel/server/files/files.ts'
import { Uploads } from '#kernel/server/files/uploads.ts'
import { Live } from '#kernel/server/http/live.ts'
import { accountRoutes } from '#kernel/server/http/routes/accounts.ts'
import { apiKeyRoutes } from '#kernel/server/http/routes/api-keys.ts'
import { auditRoutes } from '#kernel/server/http/routes/audit.ts'
import { closingRoutes } from '#kernel/server/http/routes/closings.ts'
import { automationRoutes } from '#kernel/server/http/routes/automations.ts'
import { reminderRoutes } from '#kernel/server/http/routes/reminders.ts'
import { pageRoutes } from '#kernel/server/http/routes/pages.ts'
import { reportRoutes } from '#kernel/server/http/routes/reports.ts'
import { searchRoutes } from '#kernel/server/http/routes/search.ts'
import { designRoutes } from '#kernel/server/http/routes/designs.ts'
import { libraryRoutes } from '#kernel/server/http/routes/library.ts'
import { definitionRoutes } from '#kernel/server/http/routes/definitions.ts'
import { uploadRoutes } from '#kernel/server/http/routes/uploads.ts'
import { fileRoutes } from '#kernel/server/http/routes/files.ts'
import { flowApiRoutes } from '#kernel/server/http/routes/flow-api.ts'
import { flowDesignRoutes } from '#kernel/server/http/routes/flow-designs.ts'
import { flowVersionRoutes } from '#kernel/server/http/routes/flow-versions.ts'
import { flowRoutes } from '#kernel/server/http/routes/flows.ts'
import { markRoutes } from '#kernel/server/http/routes/marks.ts'
import { mergingRoutes } from '#kernel/server/http/routes/merging.ts'
import { bindingRoutes, outsideRoutes } from '#kernel/server/http/routes/outside.ts'
import { emergencyRoutes } from '#kernel/server/http/routes/emergency.ts'
import { resetRoutes } from '#kernel/server/http/routes/reset.ts'
import { personalRoutes } from '#kernel/server/http/routes/personal.ts'
import { binRoutes } from '#kernel/server/http/routes/bin.ts'
import { dictionaryRoutes } from '#kernel/server/http/routes/dictionary.ts'
import { indexRoutes } from '#kernel/server/http/routes/indexes.ts'
import { settingsRoutes } from '#kernel/server/http/routes/settings.ts'
import { sharingRoutes } from '#kernel/server/http/routes/sharing.ts'
import { viewRoutes } from '#kernel/server/http/routes/views.ts'
import { privacyRoutes } from '#kernel/server/http/routes/privacy.ts'
import { campaignRoutes } from '#kernel/server/http/routes/campaigns.ts'
import { noticeRoutes } from '#kernel/server/http/routes/notices.ts'
import { talkRoutes } from '#kernel/server/http/routes/talk.ts'
import { messageRoutes } from '#kernel/server/http/routes/messages.ts'
import { protectionRoutes } from '#kernel/server/http/routes/protection.ts'
import { roleAssignmentRoutes } from '#kernel/server/http/routes/role-assignments.ts'
import { rightsRoutes } from '#kernel/server/http/routes/rights.ts'
import { recordRoutes } from '#kernel/server/http/routes/records.ts'
import { sessionRoutes } from '#kernel/server/http/routes/session.ts'
import { printRoutes } from '#kernel/server/printing/routes.ts'
import { trialRoutes } from '#kernel/server/http/routes/trials.ts'
import type { Trials } from '#kernel/server/trials/serving.ts'
import type { Service } from '#kernel/server/service.ts'
import type { Routes } from '#kernel/server/http/server.ts'
import type { Channel } from '#kernel/server/messages/channels/channel.ts'

interface Parts {
  /** The space in which drafts are tried; null within it. */
  trials: Trials | null
  signIn: SignInWays
  channels: readonly Channel[]
  outside: Outside
  sealKey: Buffer
  files: FileStore
  uploads: Uploads
  imports: Imports
  live: Live
}
/** The routes of the kernel and of the services that are served. */
export const allRoutes = (
  { trials, signIn, channels, outside, sealKey, files, uploads, imports, live }: Parts,
  served: readonly Service[],
): Routes[] => [
  importRoutes(imports),
  exportRoutes(files),
  answerRoutes,
  printRoutes(files),
  sessionRoutes(signIn),
  outsideRoutes(signIn),
  bindingRoutes,
  resetRoutes(signIn),
  accountRoutes,
  protectionRoutes,
  markRoutes,
  privacyRoutes,
  roleAssignmentRoutes,
  rightsRoutes,
  emergencyRoutes,
  definitionRoutes,
  designRoutes,
  trialRoutes,
  ...(trials ? [trials.routes] : []),
  libraryRoutes,
  recordRoutes,
  flowRoutes,
  flowVersionRoutes,
  flowDesignRoutes,
  flowApiRoutes,
  live.routes,
  auditRoutes(sealKey, outside),
  findingRoutes,
  personalRoutes,
  messageRoutes(channels, signIn.publicUrl),
  noticeRoutes,
  campaignRoutes,
  talkRoutes,
  reminderRoutes,
  automationRoutes,
  settingsRoutes,
  indexRoutes,
  viewRoutes,
  reportRoutes,
  pageRoutes,
  searchRoutes,
  binRoutes,
  dictionaryRoutes,
  sharingRoutes,
  closingRoutes,
  mergingRoutes,
  apiKeyRoutes,
  fileRoutes(files),
  uploadRoutes(uploads),
  ...served.flatMap((s) => (s.routes ? [s.routes.bind(s)] : [])),
]
