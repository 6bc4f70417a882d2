export const talkKinds = { record: '记录与审批', direct: '两人之间', group: '群' } as const
export type TalkKind = keyof typeof talkKinds
/** What stands in place of a record type where an approval is spoken of. */
export const approvalSubject = 'approval'
/** Longest text, characters. */
export const longestWords = 5000
export const mostTalkFiles = 9
export const mostMembers = 500
/** People of a unit that has a group; of more than `mostMembers` nobody sees who has read, and not all are listed. */
export const mostStaff = 5000
export const mostMentions = 50
/** Longest voice message, seconds. */
export const longestVoice = 120
/** So long its author may take a message back. */
export const withdrawMs = 2 * 60_000
/** As many messages come at once. */
export const talkPage = 30

export type TextPart = { text: string } | { link: string } | { name: string }
const linkPattern = /https?:\/\/[^\s<>"'，。；：！？、（）《》“”]+/giu
/** A text cut into what is said, addresses in it, and people it names. Nothing in it is ever read as markup. */
export function partsOfText(text: string, names: readonly string[]): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const found of text.matchAll(linkPattern)) {
    parts.push(...namesIn(text.slice(from, found.index), names))
    const link = found[0].replace(/[.,;:!?)\]}]+$/, '')
    parts.push({ link })
    from = found.index + link.length
  }
  return [...parts, ...namesIn(text.slice(from), names)]
}
function namesIn(text: string, names: readonly string[]): TextPart[] {
  const marks = names.map((name) => `@${name}`).toSorted((a, b) => b.length - a.length)
  const parts: TextPart[] = []
  let plain = ''
  for (let at = 0; at < text.length;) {
    const mark = text[at] === '@' ? marks.find((one) => text.startsWith(one, at)) : undefined
    if (mark) {
      if (plain) parts.push({ text: plain })
      parts.push({ name: mark })
      plain = ''
    } else plain += text[at]
    at += mark?.length ?? 1
  }
  return plain ? [...parts, { text: plain }] : parts
}
