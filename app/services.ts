import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Definitions } from '#model'
import { accountService } from '#kernel/server/access/account-service.ts'
import { roleService } from '#kernel/server/access/roles/role-service.ts'
import { clientService } from '#kernel/server/access/clients/work.ts'
import { emergencyService } from '#kernel/server/emergency/emergency-service.ts'
import { exportService } from '#kernel/server/exchange/exporting/work.ts'
import { cleaningService } from '#kernel/server/files/cleaning.ts'
import { FileStore } from '#kernel/server/files/files.ts'
import { scanService } from '#kernel/server/files/scan-later.ts'
import { Uploads } from '#kernel/server/files/uploads.ts'
import { followService } from '#kernel/server/records/follow.ts'
import { timelineService } from '#kernel/server/records/follow-timeline.ts'
import { talkService } from '#kernel/server/talk/talk-service.ts'
import { campaignService } from '#kernel/server/campaigns/campaign-service.ts'
import { noticeService } from '#kernel/server/notices/notice-service.ts'
import { holdService } from '#kernel/server/personal/holds.ts'
import { personalService } from '#kernel/server/personal/requests.ts'
import { everyStep } from '#kernel/model/flow/index.ts'
import { flowFiles } from '#kernel/server/flow/files.ts'
import { replanService } from '#kernel/server/flow/replan.ts'
import { flowService } from '#kernel/server/flow/reresolve.ts'
import type { Service } from '#kernel/server/service.ts'
import { root } from './paths.ts'

/** The kernel's own services, those of the modules, and `more`. Throws where a flow names what none of them offers. */
export async function allServices(
  defs: Definitions,
  { files, uploads }: { files: FileStore; uploads: Uploads },
  more: readonly Service[] = [],
): Promise<Service[]> {
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
    timelineService,
    noticeService,
    campaignService,
    talkService,
    clientService,
    ...(await moduleServices()),
    ...more,
  ]
  proveOffers(defs, services)
  return services
}
/** What a flow calls and nobody offers would show only when somebody decides. */
function proveOffers(defs: Definitions, services: readonly Service[]): void {
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
}

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
