import { dateTime, files, longText, person, rows, text } from '../fields/factories.ts'
import { module } from '../module.ts'
import { resource } from '../resource.ts'

/** 沟通摘录: what was said, frozen beside the record to which somebody attached it on purpose. Read by whoever reads that record (`server/talk/excerpts.ts`), by nobody by a role. */
export const excerpts = resource('talk.excerpt', {
  label: '沟通摘录',
  title: 'title',
  writtenBy: 'module',
  fields: {
    title: text('标题', { required: true, max: 100 }),
    register: text('附于哪类记录', { required: true, max: 100 }),
    record: text('附于哪条记录', { required: true, max: 40 }),
    from: text('来自', { required: true, max: 200 }),
    note: longText('说明', { max: 500 }),
    by: person('附加人', { required: true }),
    at: dateTime('附加时间', { required: true }),
    lines: rows('内容', {
      person: person('发言人', { required: true }),
      at: dateTime('时间', { required: true }),
      words: longText('内容', { max: 5000, class: 'sensitive', subject: 'record' }),
      files: files('附件'),
    }),
  },
  indexes: [['record']],
})
export const talkModule = module('talk', { label: '沟通', resources: [excerpts] })
