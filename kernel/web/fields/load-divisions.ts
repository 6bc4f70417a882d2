import { divisions } from '#model'

let loading: Promise<true> | null = null
/** The divisions are some thirty kilobytes: they come when somebody opens an address, and stay. */
export function divisionsLoaded(): Promise<true> {
  loading ??= import('@vant/area-data').then(({ areaList }) => {
    divisions.load(areaList)
    return true as const
  })
  loading.catch(() => (loading = null))
  return loading
}
