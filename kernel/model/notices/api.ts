import type { RichNode } from '../fields/rich-text.ts'
import type { NoticeKind } from './notice.ts'

/** GET /api/notices: a notice in the list of one of its readers. */
export interface NoticeItem {
  id: string
  title: string
  kind: NoticeKind
  unitName: string
  publishedAt: string
  publishedBy: string
  mustRead: boolean
  attachments: number
  comments: number
  readAt: string | null
}
export interface NoticePage {
  rows: NoticeItem[]
  next: string | null
  /** Of all his, whatever is asked for. */
  counts: { hospital: number; unit: number; unreadHospital: number; unreadUnit: number }
}
/** GET /api/notices/:id */
export interface NoticeAnswer extends NoticeItem {
  /** Null: withdrawn, and shown to nobody but who manages it. */
  body: RichNode | null
  /** Ids of what is attached. */
  files: string[]
  mayComment: boolean
  /** He published it, or manages such notices: sees who read it. */
  mayManage: boolean
  /** Why it was withdrawn; null: it stands. */
  withdrawn: string | null
}
export interface NoticeComment {
  id: string
  at: string
  person: string
  personName: string
  unitName: string
  text: string
  /** His own, or of a notice that he manages. */
  mayRemove: boolean
}
export interface NoticeComments {
  rows: NoticeComment[]
  /** The page after this begins after the comment of this id; null: there is none. */
  next: string | null
  total: number
  today: number
}
/** GET /api/notices/:id/readers */
export interface NoticeReader {
  person: string
  personName: string
  unitName: string
  watched: boolean
  readAt: string | null
}
export interface NoticeReaders {
  rows: NoticeReader[]
  next: string | null
  total: number
  read: number
  readToday: number
  watched: number
  watchedRead: number
}
/** GET /api/notices/statistics: of what was published in a span of days, by kind and unit. */
export interface NoticeStatistic {
  kind: NoticeKind
  unit: string
  unitName: string
  notices: number
  readers: number
  read: number
  comments: number
}
