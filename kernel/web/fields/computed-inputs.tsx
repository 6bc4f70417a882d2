import type { InputProps } from './field-view.ts'
import { FormulaDisplay } from './display.tsx'

/** Given by the system at submit. */
export const AutoNumberInput = ({ id, value }: InputProps<'autoNumber'>) => (
  <output id={id} className="x-output">
    {typeof value === 'string' && value ? value : <span className="x-faint">提交后自动编号</span>}
  </output>
)
/** Computed while typing; the server computes it again. */
export const FormulaInput = ({ id, field, value }: InputProps<'formula'>) => (
  <output id={id} className="x-output">
    {value === null || value === undefined ? <span className="x-faint">自动计算</span> : <FormulaDisplay field={field} value={value} />}
  </output>
)
