// One embedded server for the whole run of the tests; each file clones its own database from a template (database.ts).
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { isAlive } from '#kernel/server/database/processes.ts'
import { startEmbedded, type Embedded } from '#kernel/server/database/embedded.ts'

declare module 'vitest' {
  interface ProvidedContext {
    database: TestServer
  }
}

/** The server of this run, as tests get it with `inject('database')`. */
export interface TestServer {
  /** Superuser, database postgres. */
  adminUrl: string
  /** The owner and the serving role; their database is replaced by the test's own. */
  ownerUrl: string
  appUrl: string
  sealerUrl: string
}

const prefix = 'xinglin-test-'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(tmpdir(), `${prefix}${process.pid}`)
  const server = await start(folder)
  const { adminUrl, ownerUrl, appUrl, sealerUrl } = server
  project.provide('database', { adminUrl, ownerUrl, appUrl, sealerUrl })
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start(folder: string): Promise<Embedded> {
  await sweep()
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  return startEmbedded({ dataDir: folder, fast: true, settings: { max_connections: '300', log_min_error_statement: 'error' } })
}

// A killed run leaves its server and data behind.
async function sweep(): Promise<void> {
  // Only a run's own folder ends in its process number: those of single hospitals may belong to a run beside this one.
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix) && /^\d+$/.test(one.slice(prefix.length)))) {
    const folder = join(tmpdir(), name)
    const isAnotherUsers = statSync(folder).uid !== process.getuid?.()
    if (isAnotherUsers || isAlive(Number(name.slice(prefix.length)))) continue
    await startEmbedded({ dataDir: folder, fast: true }).then(
      (left) => left.stop(),
      () => undefined,
    )
    rmSync(folder, { recursive: true, force: true })
  }
}
