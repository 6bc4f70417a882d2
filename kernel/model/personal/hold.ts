import { date, person, text, longText } from '../fields/factories.ts'
import { any, where } from '../filter/filter.ts'
import { namesOf } from '../names-of.ts'
import { resource } from '../resource.ts'

/**
 * 保全: for a lawsuit, an investigation or an inspection, what is named is not destroyed while it runs, whoever asks and by whatever way: all that is held of a
 * person, of that one kind, or one record. It is ended by its last day, with a reason; the register itself is never deleted.
 */
export const holds = resource('personal.hold', {
  label: '信息保全',
  title: 'matter',
  groups: [
    { label: '保全什么', fields: ['person', 'register', 'record'] },
    { label: '依据与期限', fields: ['matter', 'basis', 'reason', 'from', 'until', 'ended'] },
  ],
  fields: {
    person: person('人员', { help: '保全此人的全部记录；再选信息类别，则只保全这一类' }),
    register: namesOf('resource', '信息类别'),
    record: text('记录编号', { max: 40, idOf: 'register', help: '只保全一条记录时填写：打开该记录，地址最后一段即其编号' }),
    matter: text('事由', { required: true, max: 100, search: true, help: '如：某某诉本院医疗损害责任纠纷' }),
    basis: text('依据', { required: true, max: 200, help: '通知书、调取函等的名称与文号；规定的名称与条款，没有核对过原文的请注明待核' }),
    reason: longText('说明', { max: 1000 }),
    from: date('开始日期', { required: true, default: 'today' }),
    until: date('截止日期', { help: '最后一天；不填则一直保全。解除时填写' }),
    ended: text('解除的理由', { max: 200 }),
  },
  rules: [
    { at: 'person', holds: 'person != null || record != null', message: '请选择人员，或填写一条记录的类别与编号' },
    { at: 'register', holds: 'record == null || register != null', message: '请选择这条记录的信息类别' },
    { at: 'until', holds: 'until == null || from == null || until >= from', message: '不能早于开始的一天' },
    { at: 'ended', holds: 'until == null || ended != null', message: '有期限或解除的，请写明理由' },
  ],
  indexes: [['person'], ['record']],
  list: {
    columns: ['matter', 'basis', 'person', 'register', 'record', 'from', 'until', 'ended'],
    filters: ['person', 'register', 'from', 'until'],
    sort: ['-from'],
    views: [{ name: 'running', label: '保全中', filter: any(where('until', 'empty'), where('until', 'gte', { today: 0 })) }],
  },
}) // prettier-ignore
