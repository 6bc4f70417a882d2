import { kindOf, isProtected, type DesignBase, type DesignNames, type PrintTemplate } from '#model'
import { isNeeded } from '#kernel/model/designs/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'

/** What a definition may name in this hospital, with the words for it. */
export async function designNames(kernel: Kernel, ctx: Context): Promise<DesignNames> {
  const settings = await currentSettings(kernel, ctx.db)
  const { defs } = kernel
  const open = [...defs.resources.values()].filter(({ name, log }) => !log && !name.startsWith('security.'))
  return {
    roles: [...defs.roles.values()].map(({ name, label }) => ({ name, label: fillLabel(label, settings) })),
    types: open.map(({ name, label, title, fields }) => ({
      name,
      label: fillLabel(label, settings),
      title,
      fields: Object.entries(fields)
        .filter(([, field]) => !kindOf(field).isWriteOnly && !isProtected(field))
        .map(([key, field]) => {
          const { target } = field.options as { target?: string }
          return { key, label: fillLabel(field.label, settings), kind: field.kind, ...(target ? { target } : {}) }
        }),
    })),
    prints: [...kernel.designsOf('print')].map(([name, content]) => {
      const { label, resource } = content as PrintTemplate
      return { name, label, resource }
    }),
    menus: [...new Set(defs.modules.flatMap((m) => (m.menu ?? []).map(({ label }) => label)))],
  }
}
/** What an overlay of this type is laid over. */
export function designBase(kernel: Kernel, name: string): DesignBase {
  const r = kernel.product.resource(name)
  return {
    label: r.label,
    ...(r.help ? { help: r.help } : {}),
    fields: r.ownFields,
    needed: Object.keys(r.ownFields).filter((key) => isNeeded(r, key, r.ownFields[key]!)),
    groups: r.groups ?? [],
    list: r.list ?? {},
    title: r.title,
  }
}
