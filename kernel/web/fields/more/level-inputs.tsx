import { cascadeLabel, cascadeWay, scalarsOf, type CascadeNode, type Field } from '#model'
import { Cascader, TreeSelect } from 'antd'
import { useMemo, useState } from 'react'
import { asText, type FilterValueProps, type InputProps } from '../field-view.ts'
import { LevelSheet, type LevelNode } from '../phone/level-sheet.tsx'
import { SheetTrigger } from '../phone/sheet.tsx'
import { useLearnTitle, useTitles } from '../titles.tsx'
import { useTree, wayTo } from './use-tree.ts'
import './inputs.css'

interface Option {
  value: string
  label: string
  children?: Option[]
}
const optionsOf = (tree: readonly CascadeNode[]): Option[] =>
  tree.map(({ key, label, children }) => ({ value: key, label, ...(children?.length ? { children: optionsOf(children) } : {}) }))
const contains = (typed: string, path: readonly Option[]): boolean => path.some((one) => one.label.includes(typed))

export function CascadeInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'cascade'>) {
  const { tree, anyLevel = false } = field.options
  const options = useMemo(() => optionsOf(tree), [tree])
  return (
    <Cascader<Option>
      id={id}
      value={asText(value) ? asText(value).split('/') : []}
      options={options}
      changeOnSelect={anyLevel}
      showSearch={{ filter: contains }}
      allowClear={!field.required}
      placeholder={field.placeholder ?? '请选择'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      onChange={(way) => onChange(Array.isArray(way) && way.length ? way.join('/') : null)}
      onBlur={() => onBlur?.()}
    />
  )
}
export function PhoneCascadeInput({ id, field, value, onChange, isInvalid, isDisabled }: InputProps<'cascade'>) {
  const [isOpen, setOpen] = useState(false)
  const { tree, anyLevel = false } = field.options
  const text = asText(value)
  return (
    <>
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="请选择" onOpen={() => setOpen(true)}>
        {text ? cascadeLabel(tree, text) : undefined}
      </SheetTrigger>
      {isOpen && (
        <LevelSheet
          title={field.label}
          nodes={tree}
          chosen={cascadeWay(tree, text)?.map((node) => node.key) ?? []}
          anyLevel={anyLevel}
          mayClear={!field.required && text !== ''}
          onPick={(way) => onChange(way.length ? way.map((node) => node.key).join('/') : null)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
export function CascadeFilterValue({ field, value, onChange }: FilterValueProps<'cascade'>) {
  const options = useMemo(() => optionsOf(field.options.tree), [field.options.tree])
  return (
    <Cascader
      multiple
      changeOnSelect
      value={scalarsOf(value).map((one) => String(one).split('/'))}
      options={options}
      showSearch={{ filter: contains }}
      showCheckedStrategy={Cascader.SHOW_PARENT}
      placeholder="可选多项，含其下级"
      style={{ width: '100%' }}
      onChange={(ways) => onChange(ways.length ? ways.map((way) => way.join('/')) : undefined)}
    />
  )
}

interface TreeOption {
  value: string
  title: string
  path: string
  selectable: boolean
  children: TreeOption[]
}
const treeOptions = (nodes: readonly LevelNode[], above = ''): TreeOption[] =>
  nodes.map(({ key, label, unfit, children = [] }) => ({
    value: key,
    title: label,
    path: above + label,
    selectable: !unfit,
    children: treeOptions(children, `${above}${label}/`),
  }))

function useOptions(field: Field<'tree'>) {
  const nodes = useTree(field)
  return useMemo(() => ({ nodes, options: treeOptions(nodes) }), [nodes])
}
export function TreeInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'tree'>) {
  const { nodes, options } = useOptions(field)
  const learn = useLearnTitle()
  return (
    <TreeSelect
      id={id}
      value={asText(value) || undefined!}
      treeData={options}
      treeDefaultExpandedKeys={options.map((node) => node.value)}
      showSearch={{ treeNodeFilterProp: 'path' }}
      allowClear={!field.required}
      placeholder={field.placeholder ?? '请选择'}
      status={isInvalid ? 'error' : ''}
      disabled={isDisabled ?? false}
      style={{ width: '100%' }}
      popupMatchSelectWidth={320}
      onChange={(next: string | undefined) => {
        const node = next ? wayTo(nodes, next).at(-1) : undefined
        if (node) learn(field.options.target, node.key, node.label)
        onChange(next ?? null)
      }}
      onBlur={() => onBlur?.()}
    />
  )
}
export function PhoneTreeInput({ id, field, value, onChange, isInvalid, isDisabled }: InputProps<'tree'>) {
  const [isOpen, setOpen] = useState(false)
  const nodes = useTree(field)
  const learn = useLearnTitle()
  const chosen = asText(value)
  const [title] = useTitles(field.options.target, chosen ? [chosen] : [])
  return (
    <>
      <SheetTrigger id={id} isDisabled={isDisabled} isInvalid={isInvalid} placeholder="请选择" onOpen={() => setOpen(true)}>
        {chosen ? (title ?? '…') : undefined}
      </SheetTrigger>
      {isOpen && (
        <LevelSheet
          title={field.label}
          nodes={nodes}
          chosen={wayTo(nodes, chosen).map((node) => node.key)}
          anyLevel
          mayClear={!field.required && chosen !== ''}
          onPick={(way) => {
            const node = way.at(-1)
            if (node) learn(field.options.target, node.key, node.label)
            onChange(node?.key ?? null)
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
export function TreeFilterValue({ field, value, onChange }: FilterValueProps<'tree'>) {
  const { options } = useOptions(field)
  return (
    <TreeSelect
      multiple
      value={scalarsOf(value).map(String)}
      treeData={options}
      treeDefaultExpandedKeys={options.map((node) => node.value)}
      showSearch={{ treeNodeFilterProp: 'path' }}
      placeholder="可选多项"
      style={{ width: '100%' }}
      popupMatchSelectWidth={320}
      onChange={(ids: string[]) => onChange(ids.length ? ids : undefined)}
    />
  )
}
