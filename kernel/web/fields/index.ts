import './fields.css'
import './display-more.css'
import { setViews } from './parts.tsx'
import { views } from './views.tsx'

setViews(views)

/** Fields as people see them: what pages, also those of modules, draw fields with. */
export { CellOf, DisplayOf, FilterValueOf, InputOf, PrintOf, viewOf } from './parts.tsx'
export { drawnClass, drawnStyle, sideOf } from './drawn.ts'
export { RowsFoot } from './rows/row-totals.tsx'
export { FieldPlace } from './used-values.ts'
export { asList, asText, isEmptyValue, type DisplayProps, type FieldView, type InputProps } from './field-view.ts'
export { PersonPicker, PersonsPicker, RecordPicker, RecordsPicker } from './record-picker.tsx'
export { PhoneRecordPicker } from './phone/phone-inputs.tsx'
export { Sheet } from './phone/sheet.tsx'
export { SignaturePad } from './signature-pad.tsx'
export { TitlesProvider, useTitle, useTitles } from './titles.tsx'
export { UnitPicker, UnitsPicker } from './unit-picker.tsx'
export { upload } from './upload.ts'
