/** What the proof of declarations says for engineers, as people who draw forms read it. What is not named here stays as it is. */
const words: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [/^no (?:field|path) "(.*)"(?: in .*)?$/, ([, name]) => `没有字段“${name}”`],
  [/^(?:from|lookup): no path "(.*)"$/, ([, path]) => `没有这条路径“${path}”`],
  [/^no resource "(.*)"$/, ([, name]) => `没有“${name}”这种记录`],
  [/^roll-up: no resource/, () => '汇总的记录类型不存在'],
  [/^roll-up: "(.*)" of (.*) does not name/, () => '汇总的记录没有用这个字段指向本类记录'],
  [/^roll-up: no field/, () => '汇总的字段不存在'],
  [/^roll-up: where/, () => '汇总的条件只能用被汇总记录自己的字段'],
  [/^roll-up: what is protected/, () => '敏感内容不能汇总'],
  [/^roll-up: (\w+) of a/, () => '这个字段不能这样汇总'],
  [/^lookup: a field of kind/, () => '这种字段不能带到别的记录里'],
  [/^lookup: what is protected/, () => '敏感内容不能带到别的记录里'],
  [/^is a word of the expression language/, () => '字段编号与公式的保留字相同'],
  [/^is the name of an envelope field/, () => '字段编号与系统字段相同'],
  [/^a required reference cannot be emptied/, () => '必填的引用不能在对方删除后清空'],
  [/^only a record with one such reference/, () => '只有引用单条记录的字段可以随对方一起删除'],
  [/^a write-only field is neither/, () => '密码不能放在子表里，也不能用于须审批的记录'],
  [/^files are not encrypted/, () => '附件不随记录加密，不能标为敏感'],
  [/^search: of protected/, () => '敏感内容中只有记录自己的单行文字可以搜索'],
  [/^parent: /, () => '所选的上级字段不指向记录'],
  [/^a sub-table within/, () => '子表里不能再放子表'],
  [/^a row of a sub-table keeps nothing/, () => '子表的列不能取自别的记录'],
  [/^no column "(.*)"/, () => '合计的列不存在'],
  [/^(\w+) of a /, () => '这一列不能这样合计'],
  [/^"(.*)" can be no key/, () => '这种字段不能用来判断重复'],
  [/^scope "own" needs/, () => '没有所属人员字段，不能授“本人的”'],
  [/^scope ".*" needs owner.department/, () => '没有所属科室字段，不能按科室、院区授权'],
  [/^no role "(.*)"/, ([, name]) => `没有角色“${name}”`],
  [/^own field ".*" does not exist/, () => '可选范围中用到的字段不存在'],
  [/^own field ".*" is no plain value/, () => '可选范围只能用由人填写的普通字段'],
  [/^compares with itself/, () => '可选范围不能与自己比较'],
  [/cannot be asked by/, () => '可选范围的条件不适用于这个字段'],
  [/only its title, columns of its list/, () => '可选范围只能用对方的名称、列表中的列和普通选项'],
  [/^".*" is no sub-table/, () => '逐项审批要选一个子表'],
]
/** The same in words for people. */
export function proofInWords(what: string): string {
  for (const [pattern, say] of words) {
    const found = pattern.exec(what)
    if (found) return say(found)
  }
  return what
}
