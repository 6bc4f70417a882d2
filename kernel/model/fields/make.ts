import type { CommonOptions, Field, FieldKind, KindOptions } from './field.ts'

export type Options<K extends FieldKind, R extends boolean> = CommonOptions & { required?: R } & Partial<KindOptions[K]>

const common = new Set<string>([
  'was', 'help', 'placeholder', 'from', 'visibleWhen', 'requiredWhen', 'default', 'readOnly', 'class', 'search', 'wide', 'required', 'derived', 'width', 'align', 'height',
]) // prettier-ignore

/** Splits a factory's flat options into what every field has and what its kind has, and freezes the result. */
export function make<K extends FieldKind, V, R extends boolean>(kind: K, label: string, given: object, own: object = {}): Field<K, V, R> {
  const shared: Record<string, unknown> = {}
  const options: Record<string, unknown> = { ...own }
  for (const [key, value] of Object.entries(given)) (common.has(key) ? shared : options)[key] = value
  return Object.freeze({ kind, label, required: false, ...shared, options: Object.freeze(options) }) as unknown as Field<K, V, R>
}

export type Simple<K extends FieldKind, V> = <R extends boolean = false>(label: string, options?: Options<K, R>) => Field<K, V, R>
export const simple =
  <K extends FieldKind, V>(kind: K): Simple<K, V> =>
  <R extends boolean = false>(label: string, options: Options<K, R> = {}) =>
    make<K, V, R>(kind, label, options)
