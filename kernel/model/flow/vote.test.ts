import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Approve, Flow, Meeting, Verdict, VoteRule } from './index.ts'
import { approve, flow, group, people, role } from './index.ts'
import type { Condition, World } from './testing.ts'
import { Story, world } from './testing.ts'
import type { Ballot } from './vote.ts'
import { count } from './vote.ts'

const rule: VoteRule = { quorum: [2, 3], share: { moreThan: [1, 2] }, tie: 'refuse' }
const members = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']
const committee = (vote: Partial<VoteRule> = {}, options: Partial<Approve> = {}): Flow<Condition> =>
  flow<Condition>('privileges.grant', {
    label: '手术授权',
    items: { rows: 'procedures', narrow: 'degree' },
    steps: [
      approve('board', '委员会', {
        by: group('board'),
        items: true,
        mode: { vote: { ...rule, ...vote } },
        meeting: { recorder: role('recorder') },
        ...options,
      }),
    ],
  })
const sitting = (change: Partial<World> = {}): World => world({ rows: ['a', 'b'], roles: { board: members, recorder: ['rec'] }, ...change })
const yes: Verdict = { say: 'pass' }
const nay: Verdict = { say: 'refuse', reason: '例数不足' }
const away: Verdict = { say: 'recuse' }
const abstain: Verdict = { say: 'abstain' }

describe('an on-line vote', () => {
  test('is decided for each line as soon as the rest cannot change it, and the rest lose their tasks', () => {
    const story = Story.submitted(committee(), sitting())
    for (const member of ['m1', 'm2']) story.items(member, { a: yes, b: nay })
    story.items('m3', { a: yes, b: yes })
    expect(story.lines()).toEqual({ a: 'open', b: 'open' })
    story.items('m4', { a: yes, b: yes })
    expect(story.lines()).toEqual({ a: 'passed', b: 'open' })
    story.items('m5', { b: nay })
    expect(story.lines()).toEqual({ a: 'passed', b: 'refused' })
    expect(story.find('taskCancelled')).toMatchObject([{ cause: 'stepSettled' }])
    expect(story.state).toMatchObject({ status: 'approved', items: { b: { reason: '票决未通过（赞成 2，反对 3，弃权 0）' } } })
  })

  test('below quorum nothing is decided, however clear it is', () => {
    const story = Story.submitted(committee({ share: { atLeast: [1, 3] } }), sitting({ rows: ['a'] })).approve('m1', 'm2', 'm3')
    expect(story.lines()).toEqual({ a: 'open' })
    expect(story.items('m4', { a: abstain }).lines()).toEqual({ a: 'passed' })
  })

  test('an abstention counts in the quorum and not in yes', () => {
    const story = Story.submitted(committee(), sitting({ rows: ['a'] })).approve('m1', 'm2', 'm3')
    story.items('m4', { a: abstain }).items('m5', { a: abstain })
    expect(story.lines()).toEqual({ a: 'open' })
    expect(story.items('m6', { a: abstain }).state.status).toBe('refused')
  })

  test('回避 is by line and member: the share is of the others, and without a quorum the line waits for repair', () => {
    const story = Story.submitted(committee(), sitting())
    story.items('m1', { a: away, b: yes }).items('m2', { a: away, b: yes })
    story.items('m3', { a: yes, b: yes }).items('m4', { a: yes, b: yes }).items('m5', { a: yes })
    expect(story.lines()).toEqual({ a: 'open', b: 'passed' })
    expect(story.items('m6', { a: nay }).lines()).toEqual({ a: 'passed', b: 'passed' })
    const stuck = Story.submitted(committee(), sitting({ rows: ['a'] }))
    for (const member of ['m1', 'm2', 'm3']) stuck.items(member, { a: away })
    stuck.approve('m4', 'm5', 'm6')
    expect(stuck.lines()).toEqual({ a: 'open' })
    expect(stuck.state.entries[0]?.stuck).toBe('quorumImpossible')
    stuck.world.roles['board'] = [...members, 'm7']
    expect(stuck.reresolve().waiting()).toEqual(['m7'])
    stuck.world.roles['board'] = members
    expect(stuck.reresolve().state.entries[0]?.stuck).toBe('quorumImpossible')
  })

  test('an applicant on the committee is under 回避 for everything, said aloud', () => {
    const story = Story.submitted(committee(), sitting({ rows: ['a'], roles: { board: ['doctor', 'm1', 'm2'] } }))
    expect(story.waiting()).toEqual(['m1', 'm2'])
    expect(story.find('routed')).toMatchObject([{ why: 'applicant', policy: 'recuse', person: 'doctor' }])
    expect(story.approve('m1', 'm2').state.status).toBe('approved')
  })

  test('a tie refuses unless the chair decides, and the chair cannot stand in for two thirds', () => {
    const tie = (change: Partial<VoteRule>): string => {
      const story = Story.submitted(committee(change), sitting({ rows: ['a'], roles: { board: ['m1', 'm2'] } })).approve('m1')
      return story.act('m2', { kind: 'reject', opinion: '反对' }).state.status
    }
    expect(tie({})).toBe('refused')
    expect(tie({ tie: 'chair', chair: people('m1') })).toBe('approved')
    expect(tie({ tie: 'chair', chair: people('m2') })).toBe('refused')
    expect(tie({ tie: 'chair', chair: people('m1'), share: { atLeast: [2, 3] } })).toBe('refused')
  })

  test('weights count in the share and not in the quorum', () => {
    const story = Story.submitted(committee({ weights: { m1: 5 } }), sitting({ rows: ['a'] })).approve('m1')
    for (const member of ['m2', 'm3']) story.items(member, { a: nay })
    expect(story.lines()).toEqual({ a: 'open' })
    expect(story.approve('m4').lines()).toEqual({ a: 'passed' })
  })

  test('a condition holds only as far as a majority agrees to it or to something milder', () => {
    const story = Story.submitted(committee(), sitting({ rows: ['a'] }))
    story.items('m1', { a: { say: 'pass', supervisedCases: 20 } }).items('m2', { a: { say: 'pass', supervisedCases: 3 } })
    story.items('m3', { a: { say: 'pass', supervisedCases: 3 } }).approve('m4')
    expect(story.lines()).toEqual({ a: 'open' })
    story.approve('m5')
    expect(story.find('effect')[0]?.items).toEqual([{ item: 'a', supervisedCases: 3 }])
  })

  test('one member can neither return a line alone nor vote twice nor hand on the vote', () => {
    const story = Story.submitted(committee(), sitting())
    expect(story.refused('m1', { kind: 'decideItems', verdicts: { a: { say: 'return', reason: 'x' } } })).toBe('verdictNotHere')
    story.items('m1', { a: yes })
    expect(story.refused('m1', { kind: 'decideItems', verdicts: { a: nay } })).toBe('alreadyDecided')
    expect(story.refused('m1', { kind: 'transfer', to: 'x' })).toBe('actNotAllowed')
    expect(story.refused('m1', { kind: 'return', opinion: 'x' })).toBe('actNotAllowed')
  })

  test('a member who leaves before voting no longer counts; one who has voted still does', () => {
    const story = Story.submitted(committee(), sitting({ rows: ['a'] })).approve('m1', 'm2', 'm3')
    story.world.left = ['m1', 'm5', 'm6']
    expect(story.reresolve().state.status).toBe('approved')
  })

  test('a committee that does not exist is never replaced by the administrator', () => {
    const story = Story.submitted(committee(), sitting({ roles: {} }))
    expect(story.state.entries[0]?.stuck).toBe('nobodyFound')
    expect(story.waiting()).toEqual([])
  })

  test('a vote on the whole request knows 弃权 and 回避 as well', () => {
    const story = Story.submitted(committee({}, { items: false }), sitting()).approve('m1', 'm2', 'm3')
    story.items('m4', { '*': away })
    expect(story.approve('m5').lines()).toEqual({ a: 'passed', b: 'passed' })
  })
})

describe('the minutes of a meeting', () => {
  const line = (change: object = {}): object => ({ item: 'a', recused: [], for: 4, against: 0, abstain: 0, result: yes, ...change })
  const meeting = (change: object = {}): Meeting =>
    ({
      date: '2026-02-27',
      members,
      present: ['m1', 'm2', 'm3', 'm4'],
      scan: 'file1',
      lines: [line(), line({ item: 'b', for: 1, against: 3, result: nay })],
      ...change,
    }) as Meeting
  const enter = (change: object, actor = 'rec', w: World = sitting(), vote: Partial<VoteRule> = {}): string =>
    Story.submitted(committee(vote), w).refused(actor, { kind: 'enterMinutes', step: 'board', meeting: meeting(change) })

  test('decide like an on-line vote; meeting date, entry date, voters and recorder stay apart', () => {
    const story = Story.submitted(committee(), sitting()).act('rec', { kind: 'enterMinutes', step: 'board', meeting: meeting() })
    expect(story.lines()).toEqual({ a: 'passed', b: 'refused' })
    expect(story.state.chain).toMatchObject([
      { act: 'enterMinutes', actor: 'rec', at: '2026-03-02T09:00:00+08:00', meeting: { date: '2026-02-27' } },
    ])
    expect(story.find('taskCancelled').map((x) => x.cause)).toEqual(members.map(() => 'minutesEntered'))
  })

  test('are refused when they are incomplete or contradict themselves', () => {
    expect(enter({}, 'm1')).toBe('notRecorder')
    expect(enter({ scan: '' })).toBe('scanNeeded')
    expect(enter({ date: '2026-03-03' })).toBe('meetingDate')
    expect(enter({ members: members.slice(1) })).toBe('membersDiffer')
    expect(enter({ present: ['m1', 'm2', 'm3', 'stranger'] })).toBe('presentUnknown')
    expect(enter({ lines: [line({ for: 5 })] })).toBe('countsDiffer')
    expect(enter({ lines: [line({ recused: ['m1'], for: 3 })] })).toBe('belowQuorum')
    expect(enter({ lines: [line({ result: nay })] })).toBe('minutesContradict')
    expect(enter({ lines: [line({ for: 3, against: 1 })] })).toBe('minutesContradict')
    expect(enter({ lines: [line(), line()] })).toBe('itemsMissing')
    expect(enter({ lines: [line({ for: 2, abstain: 2, result: { say: 'return', reason: '' } })] })).toBe('reasonNeeded')
    expect(enter({}, 'rec', sitting({ roles: { board: [...members, 'doctor'], recorder: ['rec'] } }))).toBe('membersDiffer')
    expect(
      enter(
        { members: [...members, 'doctor'], present: members, lines: [line({ for: 6 })] },
        'rec',
        sitting({ roles: { board: [...members, 'doctor'], recorder: ['rec'] } }),
      ),
    ).toBe('applicantNotRecused')
  })

  test('a list of members that differs from the directory is taken with a reason', () => {
    expect(enter({ members: members.slice(0, 5), membersReason: '一名委员已退休' })).toBe('accepted')
  })

  test('a tie in the room is broken by a chair who is there', () => {
    const tie = [line({ for: 2, against: 2, byChair: true })]
    expect(enter({ lines: tie })).toBe('minutesContradict')
    expect(enter({ lines: tie }, 'rec', sitting(), { tie: 'chair', chair: people('m1') })).toBe('accepted')
    expect(enter({ lines: tie }, 'rec', sitting(), { tie: 'chair', chair: people('m6') })).toBe('minutesContradict')
  })

  test('lines the meeting did not settle stay open, may be voted on-line, and a returned one is split off', () => {
    const story = Story.submitted(committee(), sitting()).act('rec', {
      kind: 'enterMinutes',
      step: 'board',
      meeting: meeting({ lines: [line({ for: 2, abstain: 2, result: { say: 'return', reason: '补材料' } })] }),
    })
    expect(story.lines()).toEqual({ a: 'returned', b: 'open' })
    story.approve('m1', 'm2', 'm3', 'm4')
    expect(story.lines()).toEqual({ a: 'split SQ-7-1', b: 'passed' })
  })

  test('votes already cast on-line give way to the meeting, and the voters are told', () => {
    const story = Story.submitted(committee(), sitting()).items('m1', { a: nay, b: yes })
    story.act('rec', { kind: 'enterMinutes', step: 'board', meeting: meeting() })
    expect(story.lines()).toEqual({ a: 'passed', b: 'refused' })
    expect(story.find('notified')).toMatchObject([{ topic: 'superseded', to: ['m1'] }])
  })
})

const words: readonly Verdict[] = [yes, { say: 'pass', supervisedCases: 2 }, { say: 'pass', supervisedCases: 5 }, nay, abstain, away]
const cases = (one: Ballot): number => (one.verdict.say === 'pass' ? (one.verdict.supervisedCases ?? 0) : 0)

/** The slow and obvious judge: try every way in which the rest could still vote. */
function outcomes(vote: VoteRule, everybody: readonly string[], ballots: readonly Ballot[], chair: string): Set<string> {
  const next = everybody.find((person) => !ballots.some((one) => one.person === person))
  if (next === undefined) return new Set([outcome(vote, everybody.length, ballots, chair)])
  return new Set(words.flatMap((verdict) => [...outcomes(vote, everybody, [...ballots, { person: next, verdict }], chair)]))
}

function outcome(vote: VoteRule, size: number, ballots: readonly Ballot[], chair: string): string {
  const [over, under] = 'moreThan' in vote.share ? vote.share.moreThan : vote.share.atLeast
  const base = size - ballots.filter((one) => one.verdict.say === 'recuse').length
  if (base === 0 || base * vote.quorum[1] < vote.quorum[0] * size) return 'impossible'
  const inFavour = ballots.filter((one) => one.verdict.say === 'pass')
  for (const bound of [0, 2, 5]) {
    const agreed = inFavour.filter((one) => cases(one) <= bound).length
    const part = agreed * under - over * base
    if (agreed > 0 && ('moreThan' in vote.share ? part > 0 : part >= 0)) return `passed ${bound}`
  }
  const isTie =
    inFavour.length === ballots.filter((one) => one.verdict.say === 'refuse').length && vote.tie === 'chair' && over * 2 <= under
  return isTie && inFavour.some((one) => one.person === chair) ? `passed ${Math.max(...inFavour.map(cases))}` : 'refused'
}

function expected(vote: VoteRule, everybody: readonly string[], ballots: readonly Ballot[], chair: string): string {
  const present = ballots.filter((one) => one.verdict.say !== 'recuse').length
  const possible = [...outcomes(vote, everybody, ballots, chair)]
  const isFixed = possible.length === 1 && (possible[0] === 'impossible' || present * vote.quorum[1] >= vote.quorum[0] * everybody.length)
  return isFixed ? (possible[0] ?? '') : 'waits'
}

test('a vote ends exactly when no way of voting on could change result or condition, against trying them all', () => {
  const fraction = fc.constantFrom<[number, number]>([1, 2], [1, 3], [2, 3], [3, 4], [1, 1])
  const share = fc.oneof(
    fraction.filter(([over, under]) => over < under).map((moreThan) => ({ moreThan })),
    fraction.map((atLeast) => ({ atLeast })),
  )
  const tie = fc.constantFrom('refuse' as const, 'chair' as const)
  const votes = fc.array(fc.constantFrom(...words), { maxLength: 5 })
  const setting = fc.record({
    quorum: fraction,
    share,
    tie,
    size: fc.integer({ min: 1, max: 5 }),
    chair: fc.constantFrom(...members),
    votes,
  })
  const judged = fc.property(setting, ({ size, chair, votes: said, ...vote }) => {
    const everybody = members.slice(0, size)
    const ballots = said.slice(0, size).map((verdict, place) => ({ person: members[place] ?? '', verdict }))
    const result = count({ rule: vote, members: everybody, ballots, chair }, {})
    const passed =
      result.is === 'decided' && result.outcome.to === 'passed' ? `passed ${result.outcome.terms.supervisedCases ?? 0}` : 'refused'
    expect(result.is === 'decided' ? passed : result.is).toBe(expected(vote, everybody, ballots, chair))
  })
  fc.assert(judged, { seed: 12, numRuns: 2000 })
})
