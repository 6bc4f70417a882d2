import type { FieldKind } from '#model'
import { BooleanInput, ChoiceInput, ChoicesInput } from './choice-inputs.tsx'
import { AutoNumberInput, FormulaInput } from './computed-inputs.tsx'
import { DateInput, DateTimeInput } from './date-inputs.tsx'
import {
  BooleanDisplay, ChoiceDisplay, ChoicesDisplay, CountCell, DateDisplay, DateTimeDisplay, DecimalDisplay, FormulaDisplay, IntegerDisplay, LongTextDisplay,
  ReferenceCell, ReferenceDisplay, SignatureCell, SignatureDisplay, TextDisplay, UnitCell,
} from './display.tsx' // prettier-ignore
import type { FieldView } from './field-view.ts'
import { FilesDisplay, FilesInput } from './files-input.tsx'
import {
  BooleanFilterValue, ChoiceFilterValue, DateFilterValue, NumberFilterValue, ReferenceFilterValue, TextFilterValue, UnitFilterValue,
} from './filter-values.tsx' // prettier-ignore
import { PhoneBooleanInput, PhoneChoiceInput, PhoneChoicesInput } from './phone/phone-choices.tsx'
import { PhoneDateInput, PhoneReferenceInput, PhoneReferencesInput, PhoneUnitInput } from './phone/phone-inputs.tsx'
import { PersonInput, ReferenceInput, ReferencesInput, UnitInput } from './reference-inputs.tsx'
import { RowsDisplay } from './rows/rows-display.tsx'
import { RowsInput } from './rows/rows-input.tsx'
import { SignatureInput } from './signature-input.tsx'
import { FilePrint } from './media.tsx'
import { moreViews } from './views-more.tsx'
import { DecimalInput, IdentityNumberInput, IntegerInput, LongTextInput, PhoneNumberInput, TextInput } from './text-inputs.tsx'

/** How every kind of field looks. A new kind without an entry here is a type error. */
export const views: { readonly [K in FieldKind]: FieldView<K> } = {
  text: { Input: TextInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 180 },
  longText: { Input: LongTextInput, Display: LongTextDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 260, isWide: true },
  integer: { Input: IntegerInput, Display: IntegerDisplay, Cell: IntegerDisplay, FilterValue: NumberFilterValue, width: 96, align: 'right' },
  decimal: { Input: DecimalInput, Display: DecimalDisplay, Cell: DecimalDisplay, FilterValue: NumberFilterValue, width: 120, align: 'right' },
  boolean: { Input: BooleanInput, PhoneInput: PhoneBooleanInput, Display: BooleanDisplay, Cell: BooleanDisplay, FilterValue: BooleanFilterValue, width: 88 },
  date: { Input: DateInput, PhoneInput: PhoneDateInput, Display: DateDisplay, Cell: DateDisplay, FilterValue: DateFilterValue, width: 116 },
  dateTime: {
    Input: DateTimeInput, PhoneInput: PhoneDateInput, Display: DateTimeDisplay, Cell: DateTimeDisplay, FilterValue: DateFilterValue, width: 150,
  },
  choice: { Input: ChoiceInput, PhoneInput: PhoneChoiceInput, Display: ChoiceDisplay, Cell: ChoiceDisplay, FilterValue: ChoiceFilterValue, width: 116 },
  choices: {
    Input: ChoicesInput, PhoneInput: PhoneChoicesInput, Display: ChoicesDisplay, Cell: ChoicesDisplay, FilterValue: ChoiceFilterValue, width: 180,
  },
  person: {
    Input: PersonInput, PhoneInput: PhoneReferenceInput, Display: ReferenceDisplay, Cell: ReferenceCell, FilterValue: ReferenceFilterValue, width: 110,
  },
  unit: { Input: UnitInput, PhoneInput: PhoneUnitInput, Display: UnitCell, Cell: UnitCell, FilterValue: UnitFilterValue, width: 140 },
  reference: {
    Input: ReferenceInput, PhoneInput: PhoneReferenceInput, Display: ReferenceDisplay, Cell: ReferenceCell, FilterValue: ReferenceFilterValue, width: 170,
  },
  references: {
    Input: ReferencesInput, PhoneInput: PhoneReferencesInput, Display: ReferenceDisplay, Cell: ReferenceCell, FilterValue: ReferenceFilterValue, width: 200,
  },
  rows: { Input: RowsInput, Display: RowsDisplay, Cell: ({ value }) => <CountCell value={value} unit="项" />, FilterValue: null, width: 80, isWide: true },
  files: { Input: FilesInput, Print: FilePrint, Display: FilesDisplay, Cell: ({ value }) => <CountCell value={value} unit="个" />, FilterValue: null, width: 80, isWide: true },
  signature: { Input: SignatureInput, Print: SignatureDisplay, Display: SignatureDisplay, Cell: SignatureCell, FilterValue: null, width: 96 },
  phone: { Input: PhoneNumberInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 130 },
  identityNumber: { Input: IdentityNumberInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 180 },
  autoNumber: { Input: AutoNumberInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 150 },
  formula: { Input: FormulaInput, Display: FormulaDisplay, Cell: FormulaDisplay, FilterValue: NumberFilterValue, width: 110 },
  ...moreViews,
} // prettier-ignore
