import { isAbsolute, join } from 'node:path'
import { startEmbedded } from '#kernel/server/database/embedded.ts'
import { prepareRoles, sealerThroughOwner, type RolesWanted } from '#kernel/server/database/roles.ts'
import { readOutside, type Outside } from '#kernel/server/audit/outside.ts'
import { waysFromEnvironment, type SignInWays } from '#kernel/server/access/outside/from-environment.ts'
import { scannerFromEnvironment, type Scanning } from '#kernel/server/files/scanner.ts'
import { s3FromEnvironment, type S3Place } from '#kernel/server/files/s3-store.ts'
import { extraModules, productDefinitions } from '../definitions.ts'
import { openHouse, type House } from '../house.ts'
import { root } from '../paths.ts'
import { readProfile } from '../profile.ts'
import { openSettings } from '../sealed-settings.ts'

export interface Place {
  dataFolder: string
  appUrl: string
  ownerUrl: string
  /** Null where the administrator of an outside database gave the sealer neither a login nor the owner its membership: nothing is sealed then. */
  sealerUrl: string | null
  adminUrl: string | null
  /** Where the audit leaves to, from the environment. */
  outside: Outside
  /** The bucket in which files lie, from the environment; null: the data folder. */
  s3: S3Place | null
  /** Who looks for viruses, from the environment. */
  scanning: Scanning | null
  /** Ways to sign in beside account and password, from the environment. */
  signIn: SignInWays
  /** `embedded`, or the outside database's host. */
  kind: string
  stop(): Promise<void>
}

/** Finds the database: the one that `DATABASE_URL` names, else the embedded one in the data folder. */
export async function openPlace(data: string, events: { onDown?: () => void; onUp?: () => void } = {}): Promise<Place> {
  const dataFolder = isAbsolute(data) ? data : join(root, data)
  // What is kept encrypted is in the environment before anything reads it.
  await openSettings(dataFolder)
  const outside = readOutside(process.env, dataFolder)
  const files = {
    s3: s3FromEnvironment(process.env),
    scanning: scannerFromEnvironment(process.env),
    signIn: waysFromEnvironment(process.env),
  }
  const address = process.env['DATABASE_URL']
  if (!address) {
    const embedded = await startEmbedded({ dataDir: join(dataFolder, 'postgres'), ...events })
    return {
      dataFolder,
      appUrl: embedded.appUrl,
      ownerUrl: embedded.ownerUrl,
      sealerUrl: embedded.sealerUrl,
      adminUrl: embedded.adminUrl,
      outside,
      ...files,
      kind: 'embedded',
      stop: () => embedded.stop(),
    }
  }
  const ownerUrl = process.env['DATABASE_OWNER_URL']
  // With both addresses given, roles are the DBA's affair; with one, it must be allowed to make them.
  const urls = ownerUrl
    ? { appUrl: address, ownerUrl, sealerUrl: await sealerThroughOwner(ownerUrl) }
    : await prepareRoles(address, rolePasswords())
  const sealerUrl = process.env['SEALER_DATABASE_URL'] ?? urls.sealerUrl
  return { dataFolder, ...urls, sealerUrl, adminUrl: null, outside, ...files, kind: new URL(address).host, stop: () => Promise.resolve() }
}

/** Runs a command over the house of this data folder. Whatever ends it, the database that was started for it ends too. */
export async function withHouse<T>(data: string, work: (house: House, place: Place) => Promise<T>): Promise<T> {
  const defs = productDefinitions(await extraModules())
  const place = await openPlace(data)
  try {
    const house = await openHouse({ ...place, defs, profile: readProfile() })
    try {
      return await work(house, place)
    } finally {
      await house.close()
    }
  } finally {
    await place.stop()
  }
}

const rolePasswords = (): RolesWanted => ({
  ...(process.env['XINGLIN_OWNER_PASSWORD'] ? { ownerPassword: process.env['XINGLIN_OWNER_PASSWORD'] } : {}),
  ...(process.env['XINGLIN_APP_PASSWORD'] ? { appPassword: process.env['XINGLIN_APP_PASSWORD'] } : {}),
  ...(process.env['XINGLIN_SEALER_PASSWORD'] ? { sealerPassword: process.env['XINGLIN_SEALER_PASSWORD'] } : {}),
})
