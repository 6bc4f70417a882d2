import type { FieldKind } from '#model'
import {
  AddressDisplay, CascadeCell, CascadeDisplay, ColourDisplay, CounterDisplay, DateRangeDisplay, EmailDisplay, LocationDisplay, MoneyCell, MoneyDisplay,
  PasswordDisplay, RatingDisplay, RatingPrint, SliderDisplay, SwitchDisplay, TagsDisplay, UrlCell, UrlDisplay, YearDisplay,
} from './display-more.tsx' // prettier-ignore
import { NumberDisplay, ReferenceCell, ReferenceDisplay, TextDisplay } from './display.tsx'
import type { DisplayProps, FieldView, FilterValueProps, InputProps } from './field-view.ts'
import { FilesInput } from './files-input.tsx'
import { BooleanFilterValue, DateFilterValue, NumberFilterValue, TextFilterValue } from './filter-values.tsx'
import { lazyPart } from './lazy-input.tsx'
import { AudioCell, AudioDisplay, FilePrint, ImageCell, ImageDisplay, ImagePrint, VideoCell, VideoDisplay } from './media.tsx'
import { MemberNames } from './member-names.tsx'
import { PhoneDateRangeInput, PhoneMonthInput, PhoneTimeInput } from './phone/phone-dates.tsx'
import { RichTextCell, RichTextDisplay } from './rich-text-view.tsx'
import { EmailInput, MoneyInput, UrlInput } from './text-inputs.tsx'

// What a form needs only when it has such a field is loaded then: each file is one chunk.
const numbers = () => import('./more/number-inputs.tsx')
const times = () => import('./more/time-inputs.tsx')
const words = () => import('./more/text-inputs.tsx')
const levels = () => import('./more/level-inputs.tsx')
const addresses = () => import('./more/address-inputs.tsx')
const groups = () => import('./more/member-inputs.tsx')
const input = <K extends FieldKind>(load: () => Promise<object>, name: string) => lazyPart<InputProps<K>>(load, name)
const filter = <K extends FieldKind>(load: () => Promise<object>, name: string) => lazyPart<FilterValueProps<K>>(load, name)
const CodePicture = lazyPart<{ text: string; symbology: 'qr' | 'code128' | 'ean13' }>(
  () => import('./more/code-picture.tsx'),
  'CodePicture',
)

const CodeDisplay = ({ field, value }: DisplayProps<'barcode'>) =>
  typeof value === 'string' && value ? (
    <CodePicture text={value} symbology={field.options.symbology ?? 'qr'} />
  ) : (
    <TextDisplay value={value} />
  )
const count = { Cell: CounterDisplay, Display: CounterDisplay } as const

export type MoreKind =
  | 'money' | 'time' | 'year' | 'yearMonth' | 'switch' | 'slider' | 'rating' | 'counter' | 'colour' | 'email' | 'url' | 'password' | 'tags'
  | 'dateRange' | 'cascade' | 'address' | 'location' | 'tree' | 'members' | 'image' | 'video' | 'audio' | 'barcode' | 'richText' // prettier-ignore

/** How the further kinds look: their inputs come when they are needed. */
export const moreViews: { readonly [K in MoreKind]: FieldView<K> } = {
  money: { Input: MoneyInput, Display: MoneyDisplay, Print: MoneyDisplay, Cell: MoneyCell, FilterValue: NumberFilterValue, width: 130, align: 'right' },
  time: { Input: input(times, 'TimeInput'), PhoneInput: PhoneTimeInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: filter(times, 'TimeFilterValue'), width: 84 },
  year: { Input: input(times, 'YearInput'), PhoneInput: PhoneMonthInput, Display: YearDisplay, Cell: YearDisplay, FilterValue: NumberFilterValue, width: 84 },
  yearMonth: { Input: input(times, 'YearMonthInput'), PhoneInput: PhoneMonthInput, Display: TextDisplay, Cell: TextDisplay, FilterValue: filter(times, 'YearMonthFilterValue'), width: 92 },
  switch: { Input: input(numbers, 'SwitchInput'), Display: SwitchDisplay, Cell: SwitchDisplay, FilterValue: BooleanFilterValue, width: 88 },
  slider: { Input: input(numbers, 'SliderInput'), Display: SliderDisplay, Cell: SliderDisplay, Print: ({ field, value }) => <NumberDisplay value={value} unit={field.options.unit} />, FilterValue: NumberFilterValue, width: 130 },
  rating: { Input: input(numbers, 'RatingInput'), Display: RatingDisplay, Cell: RatingDisplay, Print: RatingPrint, FilterValue: NumberFilterValue, width: 130 },
  counter: { Input: input(numbers, 'CounterInput'), ...count, FilterValue: NumberFilterValue, width: 96, align: 'right' },
  colour: { Input: input(() => import('./more/colour-input.tsx'), 'ColourInput'), Display: ColourDisplay, Cell: ColourDisplay, FilterValue: filter(words, 'WordsFilterValue'), width: 110 },
  email: { Input: EmailInput, Display: EmailDisplay, Cell: TextDisplay, FilterValue: TextFilterValue, width: 190 },
  url: { Input: UrlInput, Display: UrlDisplay, Cell: UrlCell, FilterValue: TextFilterValue, width: 200 },
  password: { Input: input(words, 'PasswordInput'), Display: PasswordDisplay, Cell: PasswordDisplay, FilterValue: null, width: 96 },
  tags: { Input: input(words, 'TagsInput'), PhoneInput: input(words, 'PhoneTagsInput'), Display: TagsDisplay, Cell: TagsDisplay, FilterValue: filter(words, 'WordsFilterValue'), width: 180 },
  dateRange: { Input: input(times, 'DateRangeInput'), PhoneInput: PhoneDateRangeInput, Display: DateRangeDisplay, Cell: DateRangeDisplay, FilterValue: DateFilterValue, width: 200 },
  cascade: { Input: input(levels, 'CascadeInput'), PhoneInput: input(levels, 'PhoneCascadeInput'), Display: CascadeDisplay, Cell: CascadeCell, FilterValue: filter(levels, 'CascadeFilterValue'), width: 130 },
  address: { Input: input(addresses, 'AddressInput'), PhoneInput: input(addresses, 'PhoneAddressInput'), Display: AddressDisplay, Cell: AddressDisplay, FilterValue: filter(addresses, 'AddressFilterValue'), width: 260, isWide: true },
  location: { Input: input(() => import('./more/location-input.tsx'), 'LocationInput'), Display: LocationDisplay, Cell: LocationDisplay, FilterValue: null, width: 180 },
  tree: { Input: input(levels, 'TreeInput'), PhoneInput: input(levels, 'PhoneTreeInput'), Display: ReferenceDisplay, Cell: ReferenceCell, FilterValue: filter(levels, 'TreeFilterValue'), width: 140 },
  members: { Input: input(groups, 'MembersInput'), Display: MemberNames, Cell: MemberNames, FilterValue: filter(groups, 'MembersFilterValue'), width: 220, isWide: true },
  image: { Input: FilesInput, Display: ImageDisplay, Cell: ImageCell, Print: ImagePrint, FilterValue: null, width: 72, isWide: true },
  video: { Input: FilesInput, Display: VideoDisplay, Cell: VideoCell, Print: FilePrint, FilterValue: null, width: 88, isWide: true },
  audio: { Input: FilesInput, Display: AudioDisplay, Cell: AudioCell, Print: FilePrint, FilterValue: null, width: 88, isWide: true },
  barcode: { Input: input(() => import('./more/barcode-parts.tsx'), 'BarcodeInput'), Display: CodeDisplay, Cell: TextDisplay, Print: CodeDisplay, FilterValue: TextFilterValue, width: 150 },
  richText: { Input: input(() => import('./more/rich-text-input.tsx'), 'RichTextInput'), Display: RichTextDisplay, Cell: RichTextCell, Print: RichTextDisplay, FilterValue: TextFilterValue, width: 260, isWide: true },
} // prettier-ignore
