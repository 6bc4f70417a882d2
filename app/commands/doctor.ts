import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { standingDefinitions } from '#kernel/server/designs/standing.ts'
import { planSchema } from '#kernel/server/store/plan.ts'
import { openDatabase } from '#kernel/server/database/database.ts'
import { productDefinitions } from '../definitions.ts'
import { root } from '../paths.ts'
import { lookAtAudit } from './doctor-audit.ts'
import { lookAtUploads } from './doctor-uploads.ts'
import { openPlace } from './place.ts'

/** `xinglin doctor`: looks at what a start needs and says what is wrong. Changes nothing but what starting the embedded database does. */
export async function doctor(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { data: { type: 'string', default: process.env['XINGLIN_DATA'] ?? 'data' } } })
  let faults = 0
  const say = (good: boolean, text: string) => {
    if (!good) faults++
    console.log(`${good ? '✓' : '✗'} ${text}`)
  }
  say(process.versions.node.startsWith('24.'), `Node ${process.versions.node}`)
  say(existsSync(join(root, 'dist/web/index.html')), '页面已构建（缺少时运行 npm run build）')
  const defs = productDefinitions()
  say(true, `定义：${defs.resources.size} 种记录，${defs.flows.size} 个流程`)
  console.log(
    process.env['XINGLIN_ADMIN_PORT']
      ? `✓ 管理端口 ${process.env['XINGLIN_ADMIN_HOST'] ?? '127.0.0.1'}:${process.env['XINGLIN_ADMIN_PORT']}，与业务端口分开`
      : '· 管理端口未分开（--admin-port 或 XINGLIN_ADMIN_PORT）：三级要求带外管理，须另设',
  )
  const place = await openPlace(values.data)
  const db = openDatabase(place.ownerUrl, { max: 1 })
  try {
    const [version] = await db.once<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`)
    say(version!.version >= 150_000, `PostgreSQL ${Math.floor(version!.version / 10_000)}（${place.kind}）`)
    const [kernel] = await db.once<{ there: string | null }>(`SELECT to_regclass('kernel.migration')::text AS there`)
    const steps = kernel!.there ? await planSchema(db, (await standingDefinitions(db, defs)).defs) : []
    say(
      kernel!.there !== null && steps.length === 0,
      kernel!.there
        ? steps.length
          ? `数据库结构有 ${steps.length} 处待更新（启动时自动完成）：${steps[0]!.what}…`
          : '数据库结构与定义一致'
        : '数据库尚未初始化（启动时自动完成）',
    )
    if (kernel!.there) await lookAtAudit(place, say)
    await lookAtUploads(join(place.dataFolder, 'files'), place.s3 !== null, say)
    const disk = await statfs(place.dataFolder)
    const free = (disk.bavail * disk.bsize) / 1024 ** 3
    say(free > 2, `数据目录剩余 ${free.toFixed(1)} GB`)
  } finally {
    await db.close()
    await place.stop()
  }
  return faults ? 1 : 0
}
