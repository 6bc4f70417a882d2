import { fillWords, wordsProblem } from '../placeholders.ts'
import { messageKinds, type MessageChannel, type MessageKind } from './kinds.ts'

/** What a text outside is made of. */
export interface TemplateFacts {
  title: string
  body: string
  /** Address of the page. */
  link: string
  hospital: string
  /** Whom it is told. */
  name: string
  kind: MessageKind
  /** `11月22日 17:45`. */
  time: string
}
export const templateFields: Readonly<Record<keyof TemplateFacts, string>> = {
  title: '标题',
  body: '正文',
  link: '打开的地址',
  hospital: '医院名称',
  name: '收件人姓名',
  kind: '消息类别',
  time: '时间',
}
/** Longest text of a way, characters: what its receivers take. */
export const templateParts = {
  wecom: { title: { label: '标题', max: 60 }, text: { label: '内容', max: 200 } },
  sms: { text: { label: '内容', max: 300 } },
  email: { title: { label: '主题', max: 100 }, text: { label: '内容', max: 2000 } },
  push: { title: { label: '标题', max: 100 } },
} as const satisfies Record<MessageChannel, Record<string, { label: string; max: number }>>
export interface Template {
  /** Empty where the way has none. */
  title: string
  text: string
}
export const defaultTemplates: Readonly<Record<MessageChannel, Template>> = {
  wecom: { title: '{title}', text: '{time} · {body}' },
  sms: { title: '', text: '【{hospital}】{title}' },
  email: { title: '【{hospital}】{title}', text: '{name}，您好：\n\n{title}\n{body}\n\n打开办理：{link}\n\n{hospital} · {kind} · {time}' },
  push: { title: '{title}', text: '' },
}

/** What is wrong with a template, in words; null when nothing is. */
export const templateProblem = (text: string, max: number): string | null => wordsProblem(text, max, Object.keys(templateFields))

/** The text with its fields filled. What the message says is never read as a template itself; lines that are left empty go. */
export function fillTemplate(text: string, facts: TemplateFacts): string {
  const words: Readonly<Record<string, string>> = { ...facts, kind: messageKinds[facts.kind] }
  const filled = fillWords(text, (name) => words[name] ?? `{${name}}`)
  return filled.replaceAll(/ · (?=\n|$)/g, '').replaceAll(/\n{3,}/g, '\n\n').trim() // prettier-ignore
}
