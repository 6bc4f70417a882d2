import { exposureLabels, levelLabels, type Profile } from '#model'

/**
 * The protection profile of this installation: `--level`/`XINGLIN_LEVEL` and `--exposure`/`XINGLIN_EXPOSURE`. Level 3 in an intranet when nothing is said; a
 * demonstration, whose passwords are public anyway, is level 2. Never read from the database: who may change the page must not loosen it.
 */
export function readProfile(given: { level?: string | undefined; exposure?: string | undefined } = {}, isDemo = false): Profile {
  const level = given.level ?? process.env['XINGLIN_LEVEL'] ?? (isDemo ? 'level2' : 'level3')
  const exposure = given.exposure ?? process.env['XINGLIN_EXPOSURE'] ?? 'intranet'
  if (!Object.hasOwn(levelLabels, level)) throw new Error(`--level 只能是 ${Object.keys(levelLabels).join('、')}`)
  if (!Object.hasOwn(exposureLabels, exposure)) throw new Error(`--exposure 只能是 ${Object.keys(exposureLabels).join('、')}`)
  return { level, exposure } as Profile
}
