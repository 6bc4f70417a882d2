// `xinglin import` in a process of its own, so that a test can interrupt it: tells its parent when it has begun to write.
import { runImport } from '../cli-import.ts'
import { openHouse } from '../house.ts'

const [, , appUrl, dataFolder, ...argv] = process.argv as [string, string, string, string, ...string[]]
const house = await openHouse({ appUrl, dataFolder, poolSize: 4 })
const run = house.imports.run.bind(house.imports)
house.imports.run = (ctx, id, onProgress) =>
  run(ctx, id, (progress) => {
    process.send?.('writing')
    return onProgress?.(progress)
  })
process.exitCode = await runImport(house, argv)
await house.close()
process.disconnect()
