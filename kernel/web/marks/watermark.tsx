import { watermarkPlaceOf, type OwnWatermark } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useLocation } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { overlay } from './overlay.ts'

export const watermarkKey = ['watermark']
/** Says over the page who looks at it, where the hospital wants that. Until it is known what it wants, it does. */
export function Watermark() {
  const me = useMe()
  const { pathname } = useLocation()
  const { data } = useQuery({
    queryKey: watermarkKey,
    queryFn: ({ signal }) => api.get<OwnWatermark>('/api/me/watermark', {}, signal),
    staleTime: 60_000,
    refetchInterval: 300_000,
    refetchOnWindowFocus: true,
  })
  const others = useMemo(() => new Set(data?.others), [data])
  const isShown = !data || others.has(watermarkPlaceOf(pathname, others)) !== data.usual
  const words = data?.words ?? me.person?.name ?? me.account.name
  useEffect(() => overlay.show(isShown ? words : null), [isShown, words])
  useEffect(() => () => overlay.show(null), [])
  return null
}
