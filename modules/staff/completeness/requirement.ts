import { choice, choices, resource, toggle } from '#model'
import { categories } from '../practitioner/practitioner.ts'
import { items } from './completeness.rules.ts'

/** 档案必备内容: what the hospital counts otherwise than the product does. */
export const fileRequirement = resource('staff.fileRequirement', {
  label: '档案必备内容',
  title: 'item',
  fields: {
    item: choice('内容', items, { required: true }),
    isCounted: toggle('参与统计', { default: true }),
    categories: choices('适用人员', categories, { help: '空 = 按系统默认：职称、专业、资格证书适用医护药技，执业注册适用医师和护士，其余适用全体', visibleWhen: 'isCounted == true' }),
  },
  unique: [['item']],
  list: { columns: ['item', 'isCounted', 'categories'] },
}) // prettier-ignore
