import type { Choices } from '../fields/field.ts'
import { make } from '../fields/make.ts'
import type { Flow } from '../flow/definition.ts'
import type { Filter } from '../filter/filter.ts'
import { group, ledger, module, type Grant, type MenuGroup, type Module } from '../module.ts'
import type { DeclaredPage, Page } from '../pages/page.ts'
import { posts, postsHome } from '../posts.ts'
import type { Resource } from '../resource.ts'
import type { DesignInForce } from './kind.ts'
import { laidOver, tightened, type Overlay } from './overlay.ts'
import { flowOfType, grantsOf, ownModule, resourceOf, type TypeDesign } from './type-design.ts'

/** The modules of the product as the hospital has them, and one of its own beside them. Pure: the same designs give the same modules. */
export function effectiveModules(product: readonly Module[], designs: readonly DesignInForce[]): Module[] {
  const overlays = new Map(designs.filter(({ kind }) => kind === 'overlay').map(({ name, content }) => [name, content as Overlay]))
  const types = designs.filter(({ kind }) => kind === 'type').map(({ name, content }) => [name, content as TypeDesign] as const)
  const pages = new Map(designs.filter(({ kind }) => kind === 'page').map(({ name, content }) => [name, { name, ...(content as Page) }]))
  const declared = new Set(product.flatMap((m) => (m.pages ?? []).map(({ name }) => name)))
  const own = [...pages.values()].filter(({ name }) => !declared.has(name))
  const shown = (overlays.size ? product.map((m) => underOverlays(m, overlays)) : [...product]).map((m) => (pages.size ? withPages(m, pages) : m)) // prettier-ignore
  return types.length || own.length ? [...shown, ownOf(types, own)] : shown
}

const withPages = (m: Module, pages: ReadonlyMap<string, DeclaredPage>): Module =>
  m.pages ? { ...m, pages: m.pages.map((one) => pages.get(one.name) ?? one) } : m
function underOverlays(m: Module, overlays: ReadonlyMap<string, Overlay>): Module {
  const ownPosts = overlays.get(postsHome)?.patches.find(({ field, property }) => field === 'post' && property === 'choices')?.value
  const resources = m.resources?.map((r) => {
    const overlay = overlays.get(r.name)
    const own = overlay ? laidOver(r, overlay) : r
    return ownPosts ? withPosts(own, ownPosts as Choices) : own
  })
  const roles = Object.entries(m.roles ?? {}).map(([role, grants]) => [role, grants.map((grant) => closed(role, grant, overlays))] as const)
  return { ...m, ...(resources ? { resources } : {}), ...(m.roles ? { roles: Object.fromEntries(roles) } : {}) }
}
/** Posts are one list: what the hospital makes of it where people hold them is offered wherever the product names a post. */
function withPosts(r: Resource, own: Choices): Resource {
  const named = Object.entries(r.fields).filter(([, field]) => (field.options as { choices?: unknown }).choices === posts)
  if (named.length === 0) return r
  const fields = named.map(([key, { kind, label, options, ...common }]) => [key, make(kind, label, common, { ...options, choices: own })] as const)
  return Object.freeze({ ...r, fields: { ...r.fields, ...Object.fromEntries(fields) } })
} // prettier-ignore
function closed(role: string, grant: Grant, overlays: ReadonlyMap<string, Overlay>): Grant {
  const rules = overlays.get(grant.on)?.roles.filter((one) => one.role === role) ?? []
  return rules.reduce(tightened, grant)
}

function ownOf(types: readonly (readonly [string, TypeDesign])[], pages: readonly DeclaredPage[]): Module {
  const roles: Record<string, Grant[]> = {}
  for (const [name, type] of types) for (const [role, grant] of grantsOf(name, type)) (roles[role] ??= []).push(grant)
  const menu = new Map<string, MenuGroup['entries'][number][]>()
  for (const [name, type] of types)
    menu.set(type.menu, [...(menu.get(type.menu) ?? []), ledger({ name }, type.icon ? { icon: type.icon } : {})])
  return module(ownModule, {
    label: '自建应用',
    resources: types.map(([name, type]) => resourceOf(name, type)),
    flows: types.flatMap(([name, type]): Flow<Filter>[] => flowOfType(name, type)),
    roles,
    pages,
    menu: [...menu].map(([label, entries]) => group(label, entries)),
  })
}
