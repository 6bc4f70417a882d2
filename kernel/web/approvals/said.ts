/** What a person is saying: words, pictures, and the colleagues he named in them. */
export interface Said {
  text: string
  pictures: readonly string[]
  named: readonly { id: string; name: string }[]
}
export const nothingSaid: Said = { text: '', pictures: [], named: [] }

/** As an act carries it; a name that was deleted again from the words is no mention. */
export function carried({ text, pictures, named }: Said): { opinion?: string; pictures?: readonly string[]; mentions?: string[] } {
  const mentions = named.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)
  return {
    ...(text.trim() ? { opinion: text.trim() } : {}),
    ...(pictures.length ? { pictures } : {}),
    ...(mentions.length ? { mentions: [...new Set(mentions)] } : {}),
  }
}
/** The words in pieces, those that name somebody marked. */
export function piecesOf(text: string, names: readonly string[]): { text: string; isName: boolean }[] {
  if (names.length === 0) return [{ text, isName: false }]
  const escaped = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text
    .split(new RegExp(`(@(?:${escaped.join('|')}))`))
    .filter(Boolean)
    .map((piece) => ({ text: piece, isName: names.includes(piece.slice(1)) && piece.startsWith('@') }))
}
