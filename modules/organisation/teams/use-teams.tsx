import { useQuery } from '@tanstack/react-query'
import { api } from '#kernel/web/api/client.ts'
import { keys } from '#kernel/web/api/hooks.ts'
import type { TeamsAnswer } from './teams.rules.ts'

/** The teams of a day, or one of them. Asked anew when a member changes: it is a list of members. */
export const useTeams = (day: string, team?: string) =>
  useQuery({
    queryKey: [...keys.list('organisation.teamMember'), 'tree', day, team ?? ''],
    queryFn: ({ signal }) => api.get<TeamsAnswer>('/api/organisation/teams', { asOf: day, team }, signal),
  })
