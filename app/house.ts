import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock, today, type Clock, type Definitions, type Profile } from '#model'
import { accountService } from '#kernel/server/access/account-service.ts'
import { roleService } from '#kernel/server/access/roles/role-service.ts'
import { clientService, startForgetting, startUseLog } from '#kernel/server/access/clients/work.ts'
import { noOtherWays, type SignInWays } from '#kernel/server/access/outside/from-environment.ts'
import { noteRights } from '#kernel/server/access/rights/versions.ts'
import { startResets } from '#kernel/server/access/reset-by-code.ts'
import { startSms } from '#kernel/server/access/sms/queue.ts'
import { sweepSessions } from '#kernel/server/access/sessions.ts'
import { sweepEmergencies } from '#kernel/server/emergency/end.ts'
import { emergencyService } from '#kernel/server/emergency/emergency-service.ts'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { auditAlone } from '#kernel/server/audit/audit.ts'
import { detectReads } from '#kernel/server/audit/detection/detect.ts'
import { findingRoutes } from '#kernel/server/audit/detection/routes.ts'
import { startAlarm, startArchiving, startSealing } from '#kernel/server/audit/duty.ts'
import { nowhere, type Outside } from '#kernel/server/audit/outside.ts'
import { exportRoutes } from '#kernel/server/exchange/exporting/routes.ts'
import { exportService, startExports } from '#kernel/server/exchange/exporting/work.ts'
import { Imports } from '#kernel/server/exchange/imports.ts'
import { Profiles } from '#kernel/server/exchange/profile.ts'
import { importRoutes } from '#kernel/server/exchange/routes.ts'
import { startDeriving } from '#kernel/server/derived/due.ts'
import { cleaningService } from '#kernel/server/files/cleaning.ts'
import { FileStore } from '#kernel/server/files/files.ts'
import { S3Store, type S3Place } from '#kernel/server/files/s3-store.ts'
import { scanService } from '#kernel/server/files/scan-later.ts'
import type { Scanning } from '#kernel/server/files/scanner.ts'
import { Uploads } from '#kernel/server/files/uploads.ts'
import type { AllBounds } from '#kernel/server/http/gate.ts'
import { Live } from '#kernel/server/http/live.ts'
import { forgetOnce } from '#kernel/server/http/once.ts'
import { buildServer, type Server } from '#kernel/server/http/server.ts'
import { accountRoutes } from '#kernel/server/http/routes/accounts.ts'
import { apiKeyRoutes } from '#kernel/server/http/routes/api-keys.ts'
import { auditRoutes } from '#kernel/server/http/routes/audit.ts'
import { closingRoutes } from '#kernel/server/http/routes/closings.ts'
import { automationRoutes } from '#kernel/server/http/routes/automations.ts'
import { startAutomations } from '#kernel/server/automations/work.ts'
import { reminderRoutes } from '#kernel/server/http/routes/reminders.ts'
import { startRollUps } from '#kernel/server/pages/roll-ups/refresh.ts'
import { pageRoutes } from '#kernel/server/http/routes/pages.ts'
import { reportRoutes } from '#kernel/server/http/routes/reports.ts'
import { searchRoutes } from '#kernel/server/http/routes/search.ts'
import { designRoutes } from '#kernel/server/http/routes/designs.ts'
import { startPublishing } from '#kernel/server/designs/publisher.ts'
import { releaseTable, takeUp } from '#kernel/server/designs/standing.ts'
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
import { followService } from '#kernel/server/records/follow.ts'
import { binRoutes } from '#kernel/server/http/routes/bin.ts'
import { dictionaryRoutes } from '#kernel/server/http/routes/dictionary.ts'
import { indexRoutes } from '#kernel/server/http/routes/indexes.ts'
import { settingsRoutes } from '#kernel/server/http/routes/settings.ts'
import { sharingRoutes } from '#kernel/server/http/routes/sharing.ts'
import { viewRoutes } from '#kernel/server/http/routes/views.ts'
import { privacyRoutes } from '#kernel/server/http/routes/privacy.ts'
import { channelsOf, startMessaging } from '#kernel/server/messages/messaging.ts'
import { campaignRoutes } from '#kernel/server/http/routes/campaigns.ts'
import { noticeRoutes } from '#kernel/server/http/routes/notices.ts'
import { talkRoutes } from '#kernel/server/http/routes/talk.ts'
import { talkService } from '#kernel/server/talk/talk-service.ts'
import { tellDue } from '#kernel/server/talk/telling.ts'
import { campaignService } from '#kernel/server/campaigns/campaign-service.ts'
import { noticeService } from '#kernel/server/notices/notice-service.ts'
import { messageRoutes } from '#kernel/server/http/routes/messages.ts'
import { holdService } from '#kernel/server/personal/holds.ts'
import { personalService } from '#kernel/server/personal/requests.ts'
import { protectionRoutes } from '#kernel/server/http/routes/protection.ts'
import { roleAssignmentRoutes } from '#kernel/server/http/routes/role-assignments.ts'
import { rightsRoutes } from '#kernel/server/http/routes/rights.ts'
import { recordRoutes } from '#kernel/server/http/routes/records.ts'
import { sessionRoutes } from '#kernel/server/http/routes/session.ts'
import { handleEvents, repeatEvery, watchChanges } from '#kernel/server/jobs/outbox.ts'
import { everyStep } from '#kernel/model/flow/index.ts'
import { startDue } from '#kernel/server/flow/due.ts'
import { flowFiles } from '#kernel/server/flow/files.ts'
import { printRoutes } from '#kernel/server/printing/routes.ts'
import { replanService } from '#kernel/server/flow/replan.ts'
import { flowService } from '#kernel/server/flow/reresolve.ts'
import { startIndexing } from '#kernel/server/jobs/indexing.ts'
import { Reminding } from '#kernel/server/reminders/run.ts'
import { startSchedule } from '#kernel/server/jobs/schedule.ts'
import { Kernel } from '#kernel/server/kernel.ts'
import { Outgoing } from '#kernel/server/outgoing.ts'
import { DeletionLedger } from '#kernel/server/protection/ledger.ts'
import { tellFaults } from '#kernel/server/protection/faults.ts'
import { openKeys, sealKey } from '#kernel/server/protection/master-key.ts'
import { look } from '#kernel/server/protection/rotation.ts'
import type { Service } from '#kernel/server/service.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { productDefinitions } from './definitions.ts'

export const root = join(import.meta.dirname, '..')

/** web answers requests, worker handles events and deliveries, scheduler starts daily jobs and seals. */
export const processRoles = ['web', 'worker', 'scheduler'] as const
export type ProcessRole = (typeof processRoles)[number]

export interface HouseOptions {
  appUrl: string
  /** When given, the schema is brought up to date first. */
  ownerUrl?: string
  /** The sealer's; without it nothing is sealed, anchored or sent away. */
  sealerUrl?: string | null
  dataFolder: string
  /** The bucket in which files lie; absent: the data folder. */
  s3?: S3Place | null
  /** Who looks for viruses; absent: nobody. */
  scanning?: Scanning | null
  /** Ways to sign in beside account and password; none when absent. */
  signIn?: SignInWays
  /** Where audit entries and seals leave to; nowhere when absent. */
  outside?: Outside
  defs?: Definitions
  /** How far it is judged and who can reach it; level 3 in an intranet when not given. */
  profile?: Profile | undefined
  clock?: Clock
  poolSize?: number
  pageFolder?: string
  logger?: boolean
  /** The proxies before it, by address or range. */
  proxies?: readonly string[] | undefined
  /** Networks inside that webhooks may be sent to; none when absent. */
  outgoing?: readonly string[] | undefined
  /** How many requests are worked on at once, and how many wait. */
  bounds?: Partial<AllBounds> | undefined
  /** What this process does; everything when absent. */
  roles?: ReadonlySet<ProcessRole>
  /** Modules whose routes and jobs it serves; all when absent. Declarations are always all loaded. */
  serve?: ReadonlySet<string>
  /** Services beyond those of the modules: a test's. */
  services?: readonly Service[]
}
export interface House {
  kernel: Kernel
  server: Server
  files: FileStore
  services: readonly Service[]
  sealKey: Buffer
  /** The sealer's connections. */
  sealer: Database | null
  imports: Imports
  /** Starts the background work of the services. */
  startWork(): Promise<void>
  close(): Promise<void>
}

/** Puts kernel and modules together over one database. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const defs = options.defs ?? productDefinitions()
  const clock = options.clock ?? systemClock
  if (options.ownerUrl) await migrate(options.ownerUrl, defs, today(clock))
  const db = openDatabase(options.appUrl, options.poolSize ? { max: options.poolSize } : {})
  const protector = await openKeys(db, masterFile(options.dataFolder), () => clock.now())
  const profile = options.profile ?? { level: 'level3', exposure: 'intranet' }
  let report: (error: unknown) => void = console.error
  const kernel = new Kernel({
    defs,
    db,
    protector,
    clock,
    profile,
    outgoing: new Outgoing({ allowed: options.outgoing ?? [] }),
    ledger: new DeletionLedger(ledgerFile(options.dataFolder), (error) => report(error)),
  })
  await takeUp(kernel)
  const sealer = options.sealerUrl ? openDatabase(options.sealerUrl, { max: 3, name: 'xinglin-sealer' }) : null
  const outside = options.outside ?? nowhere
  const signIn = options.signIn ?? noOtherWays
  const sealing = await sealKey(join(options.dataFolder, 'keys', 'seal.key'))
  const files = new FileStore(kernel, join(options.dataFolder, 'files'), {
    ...(options.s3 ? { store: new S3Store(options.s3) } : {}),
    scanning: options.scanning ?? null,
  })
  const uploads = new Uploads(files)
  const services = [
    accountService,
    roleService,
    emergencyService,
    personalService,
    holdService,
    flowService,
    cleaningService(uploads),
    exportService(files),
    scanService(files),
    flowFiles,
    replanService,
    followService,
    noticeService,
    campaignService,
    talkService,
    clientService,
    ...(await moduleServices()),
    ...(options.services ?? []),
  ]
  kernel.services = services
  const served = services.filter((s) => !options.serve || options.serve.has(s.name.split('.')[0]!))
  const does = (role: ProcessRole) => !options.roles || options.roles.has(role)
  const missing = [...defs.flows.values()].flatMap((f) =>
    f.effect && !services.some((s) => s.effects?.[f.effect!]) ? [`${f.name}: ${f.effect}`] : [],
  )
  if (missing.length) throw new Error(`flows name effects that no service has: ${missing.join(', ')}`)
  const uncalled = [...defs.flows.values()].flatMap((f) =>
    everyStep(f.steps).flatMap((step) =>
      step.kind === 'service' && !services.some((s) => s.calls?.[step.service]) ? [`${f.name}: ${step.service}`] : [],
    ),
  )
  if (uncalled.length) throw new Error(`flows call what no service offers: ${uncalled.join(', ')}`)
  const imports = new Imports(
    kernel,
    files,
    new Profiles(
      kernel,
      services.flatMap((s) => s.imports ?? []),
    ),
  )
  const channels = channelsOf(kernel, signIn)
  const live = new Live(kernel)
  const reminding = new Reminding(kernel)
  const routes = [
    importRoutes(imports),
    exportRoutes(files),
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
    recordRoutes,
    flowRoutes,
    flowVersionRoutes,
    flowDesignRoutes,
    flowApiRoutes,
    live.routes,
    auditRoutes(sealing, outside),
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
  const server = await buildServer(kernel, {
    routes,
    logger: options.logger ?? false,
    version: productVersion(),
    publicUrl: signIn.publicUrl,
    bounds: options.bounds,
    proxies: options.proxies,
    ...(options.pageFolder ? { pageFolder: options.pageFolder } : {}),
  })
  report = (error) => server.app.log.error(error)
  tellFaults(kernel, report)
  // Before anybody is served: a copy that was restored loses again what was erased since it was made.
  await kernel.ledger!.replay(kernel)
  const stops: (() => Promise<void>)[] = []
  const noteProcess = (act: 'system.start' | 'system.stop') =>
    auditAlone(db, kernel.clock.now(), { actor: null, name: '系统', address: null }, { act, outcome: 'done', detail: { version: productVersion(), host: hostname(), process: [...(options.roles ?? processRoles)] } }) // prettier-ignore
  return {
    kernel,
    server,
    files,
    services,
    sealKey: sealing,
    sealer,
    imports,
    async startWork() {
      const onError = report
      const noteRightsNow = () => noteRights(kernel, productVersion())
      await noteRightsNow()
      kernel.whenChanged([releaseTable], () => void takeUp(kernel).then(noteRightsNow).catch(onError))
      await noteProcess('system.start')
      // Where the database has gone before, nobody can be told.
      stops.push(() => noteProcess('system.stop').catch(() => undefined))
      stops.push(
        await watchChanges(kernel, (events) => {
          if (does('scheduler')) reminding.note(events)
          return live.tell(events)
        }),
        repeatEvery(500, () => live.leaveEnded(), onError),
        startAlarm(kernel, outside, onError),
        startUseLog(server.uses, onError),
        repeatEvery(look, () => protector.refresh(db), onError),
        repeatEvery(1000, () => takeUp(kernel), onError),
      )
      if (does('worker'))
        stops.push(
          repeatEvery(500, async () => void (await handleEvents(kernel)), onError),
          startDue(kernel, onError),
          repeatEvery(2000, async () => void (await tellDue(kernel)), onError),
          startDeriving(kernel, onError),
          ...startAutomations(kernel, onError),
          startExports(kernel, files, onError),
          startRollUps(kernel, onError),
          startForgetting(kernel, onError),
          startMessaging(kernel, channels, signIn.publicUrl, onError),
          ...(signIn.sms ? [startResets(kernel, onError), startSms(kernel, signIn.sms, onError)] : []),
        )
      if (does('scheduler'))
        stops.push(
          startSchedule(kernel, onError),
          reminding.start(onError),
          repeatEvery(30_000, () => sweepSessions(kernel), onError),
          repeatEvery(600_000, () => forgetOnce(kernel), onError),
          repeatEvery(15_000, () => sweepEmergencies(kernel), onError),
          repeatEvery(15_000, async () => void (await detectReads(kernel)), onError),
          ...(options.ownerUrl
            ? [startIndexing(kernel, options.ownerUrl, onError), startPublishing(kernel, options.ownerUrl, onError)]
            : []),
          ...(sealer ? startSealing(kernel, sealer, sealing, outside, onError) : []),
          ...(sealer ? [startArchiving(kernel, sealer, sealing, join(options.dataFolder, 'audit-archives'), onError)] : []),
        )
      for (const s of served) {
        const stop = await s.start?.(kernel)
        if (stop) stops.push(stop)
      }
    },
    async close() {
      await server.management.close()
      await server.app.close()
      for (const stop of stops.reverse()) await stop()
      signIn.mail?.close()
      await sealer?.close()
      await db.close()
    },
  }
}

/** Where the master key lies unless it is handed over from elsewhere. */
export const masterFile = (dataFolder: string): string => join(dataFolder, 'keys', 'master.key')
/** What was erased, outside the database. */
export const ledgerFile = (dataFolder: string): string => join(dataFolder, 'erasures', 'ledger.jsonl')

const productVersion = (): string => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

/** Every `*.service.ts` of the modules, by its file's name. */
async function moduleServices(): Promise<Service[]> {
  const found: Service[] = []
  for await (const file of glob('modules/**/*.service.ts', { cwd: root })) {
    const { default: spec } = (await import(pathToFileURL(join(root, file)).href)) as { default?: Service }
    if (!spec?.name) throw new Error(`${file} exports no service`)
    found.push(spec)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}
