/**
 * Which pairs of acts must have been seen, by enumeration of what the W table says; nothing here is learned from a run.
 *
 * A cell `A → B × mode` means: B was accepted as the very next act after A on the same request, and B fell upon a stay of this mode. An act upon the whole
 * request (urge, withdraw …) falls upon every stay that is open then, a jump upon the step it opens. An act that falls upon no step at which people act
 * (resubmit, the answer of a service, the end of a timer) is only the first of a pair.
 *
 * Legal is every pair whose second act the mode knows, but for those that need something at their stay which the first act leaves nowhere. With branches
 * beside each other a first act that ends or sends back its own stay leaves the others as they were; only `submit` begins with nothing.
 */
const everywhere = [
  'approve', 'reject', 'decideItems', 'addApprover', 'removeApprover', 'takeBack', 'copyTo', 'consult', 'reply', 'markRead', 'urge', 'timeOut', 'jump',
  'withdraw', 'terminate',
] // prettier-ignore
/** Nobody hands his vote on, sends a vote back or seals it, and nobody is put into a committee by repair. */
const notInVotes = ['return', 'transfer', 'delegateTask', 'seal', 'repair']
/** The acts that a mode knows; a group claims only where one word is enough, minutes are of votes. */
export const actsOf: Readonly<Record<string, readonly string[]>> = {
  anyOf: [...everywhere, ...notInVotes, 'claim', 'release'],
  allOf: [...everywhere, ...notInVotes],
  inOrder: [...everywhere, ...notInVotes],
  vote: [...everywhere, 'enterMinutes'],
}
/** After these the request is over. */
const ending = ['withdraw', 'terminate']
const firsts = [
  ...new Set([...Object.values(actsOf).flat(), 'submit', 'resubmit', 'serviceDone', 'serviceFailed', 'elapse']),
].filter((act) => !ending.includes(act)) // prettier-ignore

/** What must have happened before an act can be done. */
const needs: Readonly<Record<string, string>> = { takeBack: 'word', removeApprover: 'added', release: 'claimed', reply: 'question' }
/** What there is nowhere after an act. A copy there may be at once: a step that only tells goes before. */
const leavesNo: Readonly<Record<string, readonly string[]>> = { submit: ['word', 'added', 'claimed', 'question'] }

export interface Cell {
  readonly first: string
  readonly act: string
  readonly mode: string
}
/** How a cell is called in tables and wishes. */
export const nameOf = ({ first, act, mode }: Cell): string => `${first} → ${act} × ${mode}`
/** Every legal pair. */
export const legalPairs: readonly Cell[] = Object.entries(actsOf).flatMap(([mode, acts]) =>
  acts.flatMap((act) =>
    firsts.filter((first) => !leavesNo[first]?.includes(needs[act] ?? '')).map((first): Cell => ({ first, act, mode })),
  ),
)
