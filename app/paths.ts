import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Where the master key lies unless it is handed over from elsewhere. */
export const masterFile = (dataFolder: string): string => join(dataFolder, 'keys', 'master.key')
/** What was erased, outside the database. */
export const ledgerFile = (dataFolder: string): string => join(dataFolder, 'erasures', 'ledger.jsonl')

/** As `package.json` says. */
export const productVersion = (): string => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
