import { isGiven, kindOf, type ApiRecord, type ClientResource } from '#model'

/** Why this field cannot be changed by moving a record of this type about; null when it can. */
export function whyFixed(resource: ClientResource, key: string): string | null {
  const field = resource.fields[key]
  if (key === 'state') return '审批状态由审批流程决定，不能拖动'
  if (!field || isGiven(field)) return '由系统填写，不能拖动'
  if (resource.writtenBy === 'module') return '由业务流程产生，不能拖动'
  if (!resource.may.update || field.readOnly || resource.readOnly.includes(key) || resource.masked.includes(key))
    return '没有修改这一项的权限，不能拖动'
  return kindOf(field).isOwn ? '请打开记录修改' : null
}
/** The same of one record. */
export const whyStays = (resource: ClientResource, key: string, row: ApiRecord): string | null =>
  whyFixed(resource, key) ?? (row.state === 'approved' ? null : '审批中的记录不能移动')
