import { divisions, kindOf, type Field } from '#model'
import { useEffect, useState } from 'react'

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
/** Has the words of this field's conditions come; draws again when they have. */
export function useDivisions(field: Field | undefined): void {
  const [, draw] = useState(false)
  const isNeeded = field !== undefined && kindOf(field).needsDivisions === true && !divisions.isLoaded
  useEffect(() => {
    if (isNeeded) void divisionsLoaded().then(() => draw(true))
  }, [isNeeded])
}
