import { nest, type Nested } from '../nest.rules.ts'

/** A member as he stood on a day, as far as the reader may see his file. */
export interface TeamPerson {
  id: string
  team: string
  person: string
  name: string
  /** The member who leads him; null where that is nobody, or not there on the day. */
  parent: string | null
  level: string | null
  round: string | null
  role: string | null
  duties: string | null
  from: string
  to: string | null
  staffNumber: string | null
  title: string | null
  status: string | null
  /** Of whoever may read every file. */
  sex: string | null
  birthDate: string | null
}
export interface TeamOnDay {
  id: string
  name: string
  kind: string
  category: string
  unit: string
  unitName: string
  headRound: string | null
  from: string
  to: string | null
}
/** GET /api/organisation/teams?asOf=&team= */
export interface TeamsAnswer {
  day: string
  teams: TeamOnDay[]
  members: TeamPerson[]
  /** There are more than one tree shows. */
  isMore: boolean
}

const levels = ['three', 'two', 'one']
/** Without level those who lead come first. */
const rankOf = ({ level, role }: TeamPerson): number => {
  if (level) return levels.indexOf(level)
  return role === '组长' ? 0 : role === '副组长' ? 1 : 2
}
/** Who stands under whom in one team, the highest first. */
export const membersTree = (members: readonly TeamPerson[]): Nested<TeamPerson>[] =>
  nest(members.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.staffNumber ?? '').localeCompare(b.staffNumber ?? '')))

export interface TeamGroup {
  id: string
  label: string
  count: number
  below: { id: string; label: string; teams: TeamOnDay[] }[]
}
/** Teams by unit and kind; `word` leaves those whose name, unit or member it names. */
export function groupsOf({ teams, members }: TeamsAnswer, kindLabel: (kind: string) => string, word = ''): TeamGroup[] {
  const wanted = word.trim().toLowerCase()
  const has = (...texts: (string | null)[]) => texts.some((text) => text?.toLowerCase().includes(wanted))
  const isFound = (team: TeamOnDay): boolean =>
    has(team.name, team.unitName, kindLabel(team.kind)) || members.some((one) => one.team === team.id && has(one.name, one.staffNumber))
  const units = Map.groupBy(wanted ? teams.filter(isFound) : teams, ({ unit }) => unit)
  return [...units].map(([unit, own]) => ({
    id: unit,
    label: own[0]!.unitName,
    count: own.length,
    below: [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, list]) => ({
      id: `${unit} ${kind}`,
      label: kindLabel(kind),
      teams: list,
    })),
  }))
}
