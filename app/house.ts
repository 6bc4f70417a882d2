import { hostname } from 'node:os'
import { join } from 'node:path'
import { systemClock, today, type Clock, type Definitions, type Profile } from '#model'
import { startForgetting, startUseLog } from '#kernel/server/access/clients/work.ts'
import { noOtherWays, type SignInWays } from '#kernel/server/access/outside/from-environment.ts'
import { noteRights } from '#kernel/server/access/rights/versions.ts'
import { startResets } from '#kernel/server/access/reset-by-code.ts'
import { startSms } from '#kernel/server/access/sms/queue.ts'
import { sweepSessions } from '#kernel/server/access/sessions.ts'
import { sweepEmergencies } from '#kernel/server/emergency/end.ts'
import { openDatabase, type Database } from '#kernel/server/database/database.ts'
import { auditAlone } from '#kernel/server/audit/audit.ts'
import { detectReads } from '#kernel/server/audit/detection/detect.ts'
import { startAlarm, startArchiving, startSealing } from '#kernel/server/audit/duty.ts'
import { nowhere, type Outside } from '#kernel/server/audit/outside.ts'
import { startAnswers } from '#kernel/server/answers/run.ts'
import { startExports } from '#kernel/server/exchange/exporting/work.ts'
import { Imports } from '#kernel/server/exchange/imports.ts'
import { Profiles } from '#kernel/server/exchange/profile.ts'
import { startDeriving } from '#kernel/server/derived/due.ts'
import { FileStore } from '#kernel/server/files/files.ts'
import { S3Store, type S3Place } from '#kernel/server/files/s3-store.ts'
import type { Scanning } from '#kernel/server/files/scanner.ts'
import { Uploads } from '#kernel/server/files/uploads.ts'
import type { AllBounds } from '#kernel/server/http/gate.ts'
import { Live } from '#kernel/server/http/live.ts'
import { forgetOnce } from '#kernel/server/http/once.ts'
import { buildServer, type Server } from '#kernel/server/http/server.ts'
import { startAutomations } from '#kernel/server/automations/work.ts'
import { startRollUps } from '#kernel/server/pages/roll-ups/refresh.ts'
import { startPublishing } from '#kernel/server/designs/publisher.ts'
import { releaseTable, takeUp } from '#kernel/server/designs/standing.ts'
import { channelsOf, startMessaging } from '#kernel/server/messages/messaging.ts'
import { tellDue } from '#kernel/server/talk/telling.ts'
import { handleEvents, repeatEvery, watchChanges } from '#kernel/server/jobs/outbox.ts'
import { startDue } from '#kernel/server/flow/due.ts'
import { startIndexing } from '#kernel/server/jobs/indexing.ts'
import { Reminding } from '#kernel/server/reminders/run.ts'
import { startOften, startSchedule } from '#kernel/server/jobs/schedule.ts'
import { Kernel } from '#kernel/server/kernel.ts'
import { Outgoing } from '#kernel/server/outgoing.ts'
import { DeletionLedger } from '#kernel/server/protection/ledger.ts'
import { tellFaults } from '#kernel/server/protection/faults.ts'
import { startTrials } from '#kernel/server/trials/work.ts'
import { Trials } from '#kernel/server/trials/serving.ts'
import type { Trial } from '#kernel/server/trials/trials.ts'
import { trialAddress } from '#kernel/server/database/roles.ts'
import { openKeys, sealKey } from '#kernel/server/protection/master-key.ts'
import { look } from '#kernel/server/protection/rotation.ts'
import type { Service } from '#kernel/server/service.ts'
import { migrate } from '#kernel/server/store/migrate.ts'
import { productDefinitions } from './definitions.ts'
import { ledgerFile, masterFile, productVersion } from './paths.ts'
import { allRoutes } from './routes.ts'
import { allServices } from './services.ts'

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
  /** This house is the space in which drafts are tried: nothing leaves it, nothing is published in it. */
  trial?: Kernel['trial']
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
  const signIn = options.signIn ?? noOtherWays
  const kernel = new Kernel({
    defs,
    db,
    protector,
    clock,
    profile,
    outgoing: new Outgoing({ allowed: options.outgoing ?? [], closed: options.trial ? '试用空间不向外发送' : undefined }),
    elsewhere: signIn,
    trial: options.trial ?? null,
    ledger: new DeletionLedger(ledgerFile(options.dataFolder), (error) => report(error)),
  })
  await takeUp(kernel)
  const sealer = options.sealerUrl ? openDatabase(options.sealerUrl, { max: 3, name: 'xinglin-sealer' }) : null
  const outside = options.outside ?? nowhere
  const sealing = await sealKey(join(options.dataFolder, 'keys', 'seal.key'))
  const files = new FileStore(kernel, join(options.dataFolder, 'files'), {
    ...(options.s3 ? { store: new S3Store(options.s3) } : {}),
    scanning: options.scanning ?? null,
  })
  const uploads = new Uploads(files)
  const services = await allServices(defs, { files, uploads }, options.services)
  kernel.services = services
  const served = services.filter((s) => !options.serve || options.serve.has(s.name.split('.')[0]!))
  const does = (role: ProcessRole) => !options.roles || options.roles.has(role)
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
  const trials = options.trial ? null : new Trials(kernel, (trial) => openTrialHouse(options, defs, trial))
  const routes = allRoutes({ trials, signIn, channels, outside, sealKey: sealing, files, uploads, imports, live }, served)
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
        ...(trials ? [trials.start(onError)] : []),
      )
      if (does('worker'))
        stops.push(
          repeatEvery(500, async () => void (await handleEvents(kernel)), onError),
          startDue(kernel, onError),
          repeatEvery(2000, async () => void (await tellDue(kernel)), onError),
          startDeriving(kernel, onError),
          ...startAutomations(kernel, onError),
          startExports(kernel, files, onError),
          startAnswers(kernel, onError),
          startRollUps(kernel, onError),
          startForgetting(kernel, onError),
          startMessaging(kernel, channels, signIn.publicUrl, onError),
          ...(signIn.sms ? [startResets(kernel, onError), startSms(kernel, signIn.sms, onError)] : []),
        )
      if (does('scheduler'))
        stops.push(
          startSchedule(kernel, onError),
          startOften(kernel, onError),
          reminding.start(onError),
          repeatEvery(30_000, () => sweepSessions(kernel), onError),
          repeatEvery(600_000, () => forgetOnce(kernel), onError),
          repeatEvery(15_000, () => sweepEmergencies(kernel), onError),
          repeatEvery(15_000, async () => void (await detectReads(kernel)), onError),
          ...(options.ownerUrl
            ? [
                startIndexing(kernel, options.ownerUrl, onError),
                startPublishing(kernel, options.ownerUrl, onError),
                startTrials(kernel, options.ownerUrl, onError),
              ]
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
      await trials?.close()
      await server.app.close()
      for (const stop of stops.reverse()) await stop()
      signIn.mail?.close()
      await sealer?.close()
      await db.close()
    },
  }
}

/** A second house over the space's database, with work of its own; files and keys lie in a folder of their own. Nothing of it reaches the outside. */
function openTrialHouse(options: HouseOptions, defs: Definitions, { label, until }: Trial): Promise<House> {
  const { clock, profile, proxies, roles, serve, services } = options
  return openHouse({
    ...(clock ? { clock } : {}),
    ...(roles ? { roles } : {}),
    ...(serve ? { serve } : {}),
    ...(services ? { services } : {}),
    profile,
    proxies,
    defs,
    appUrl: trialAddress(options.appUrl),
    sealerUrl: null,
    dataFolder: join(options.dataFolder, 'trial'),
    signIn: noOtherWays,
    outside: nowhere,
    poolSize: 4,
    trial: { label, until },
  })
} // prettier-ignore
