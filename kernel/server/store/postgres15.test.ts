import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { is } from '#model'
import { productDefinitions } from '#app/definitions.ts'
import { buildDemo } from '#app/demo/demo.ts'
import { openHouse } from '#app/house.ts'
import { dataFolder, removeFolder } from '#app/testing/program.ts'
import { startEmbedded } from '../database/embedded.ts'
import { openDatabase } from '../database/database.ts'
import { countRecords, listRecords } from '../records/read.ts'
import { planSchema } from './plan.ts'

const binaries = '/usr/lib/postgresql/15'

test.skipIf(!existsSync(join(binaries, 'bin/postgres')))(
  'the oldest PostgreSQL that is supported (15) takes the schema, the demonstration hospital and a list',
  async () => {
    const folder = await dataFolder()
    const server = await startEmbedded({ dataDir: join(folder, 'postgres'), fast: true, binaries })
    try {
      const house = await openHouse({ appUrl: server.appUrl, ownerUrl: server.ownerUrl, dataFolder: folder })
      expect(await buildDemo(house.kernel, 'small')).toBe(true)
      const ctx = await house.kernel.context({ kind: 'system', reason: '测试' }, 'test')
      // Eight are here for a time.
      expect((await countRecords(house.kernel, ctx, 'staff.practitioner', {})).count).toBe(608)
      const found = await listRecords(house.kernel, ctx, 'privileges.procedure', { search: 'qkgj', filter: is('level', 'four'), limit: 5 })
      expect(found.rows.map((row) => row['code'])).toEqual(['81.5100'])
      await house.close()
      const owner = openDatabase(server.ownerUrl, { max: 1 })
      expect(await planSchema(owner, productDefinitions())).toEqual([])
      await owner.close()
    } finally {
      await server.stop()
      await removeFolder(folder)
    }
  },
  60_000,
)
