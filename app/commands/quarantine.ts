import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Stands in a restored data folder until an officer has looked: no messages, deliveries, jobs or cleaning until then. */
export const quarantineFile = (dataFolder: string): string => join(dataFolder, 'quarantine.json')
export const isQuarantined = (dataFolder: string): boolean => existsSync(quarantineFile(dataFolder))
