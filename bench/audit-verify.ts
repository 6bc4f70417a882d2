// The verifier by itself: how long, how much memory at its peak, how long it held the event loop at a time.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { verifyAudit } from '#kernel/server/audit/verifier.ts'
import { openDatabase } from '#kernel/server/database/database.ts'

const db = openDatabase(process.env['XINGLIN_APP_URL']!, { max: 1 })
const pauses = monitorEventLoopDelay({ resolution: 5 })
pauses.enable()
const started = performance.now()
const report = await verifyAudit(db, Buffer.alloc(32, 5))
const seconds = (performance.now() - started) / 1000
pauses.disable()
await db.close()
process.send?.({
  seconds,
  peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  longestPauseMs: Math.round(pauses.max / 1e6),
  found: report.found,
  entries: report.entries,
})
