import { automationKind } from '../automations/kind.ts'
import { printKind } from '../printing/kind.ts'
import type { DesignKind, DesignKindName } from './kind.ts'
import { emptyOverlay, readOverlay, type Overlay } from './overlay.ts'
import { pageWords } from '../pages/words.ts'
import { provePage } from '../pages/prove.ts'
import { readPageDraft } from '../pages/read.ts'
import type { Page } from '../pages/page.ts'
import { proveOverlay, proveType } from './prove.ts'
import { readType, type TypeDesign } from './type-design.ts'
import { overlayWords, typeWords } from './words.ts'

export const typeKind: DesignKind<TypeDesign> = {
  kind: 'type',
  read: readType,
  prove: proveType,
  words: (defs, _name, before, after) => typeWords(defs, before, after),
  label: (_defs, _name, { label }) => label,
  offered: () => [],
  isMade: true,
}
export const overlayKind: DesignKind<Overlay> = {
  kind: 'overlay',
  read: readOverlay,
  prove: (defs, name, overlay, product) =>
    product.resources.has(name) ? proveOverlay(defs, product.resource(name), overlay) : [{ field: '', message: '系统中没有这种记录' }],
  words: overlayWords,
  label: (defs, name) => defs.resources.get(name)?.label ?? name,
  // What a module writes itself, and the program's own records of rights, are not the hospital's to draw otherwise.
  offered: (product) =>
    [...product.resources.values()]
      .filter(({ name, log }) => !log && !name.startsWith('security.'))
      .map(({ name, label }) => ({ name, label })),
  empty: () => emptyOverlay,
  isMade: false,
}

export const pageKind: DesignKind<Page> = {
  kind: 'page',
  read: readPageDraft,
  prove: (defs, _name, page) => provePage(defs, page),
  words: (defs, _name, before, after) => pageWords(defs, before, after),
  label: (_defs, _name, { label }) => label,
  offered: (product) => [...product.pages.values()].map(({ name, label }) => ({ name, label })),
  empty: (product, name) => {
    const { name: _, ...page } = product.pages.get(name)!
    return page
  },
  isMade: true,
}

const kinds: { readonly [K in DesignKindName]: DesignKind<unknown> } = {
  type: typeKind,
  overlay: overlayKind,
  print: printKind,
  page: pageKind,
  automation: automationKind,
}
export const kindOfDesign = (name: DesignKindName): DesignKind<unknown> => kinds[name]
