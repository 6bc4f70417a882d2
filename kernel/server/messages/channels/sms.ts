import { readPhone } from '#model'
import type { SmsGateway } from '../../access/sms/gateway.ts'
import type { Kernel } from '../../kernel.ts'
import type { Became, Channel, Parcel, Words } from './channel.ts'
import { fieldOfPeople } from './person-fields.ts'

/** Short messages to the mobile phone of the file. The gateway sends an id that it has already no second time. */
export class SmsChannel implements Channel {
  readonly name = 'sms'
  readonly atOnce = 1
  readonly calls = 8
  readonly patienceMs = 10_000
  readonly longest = { title: 0, text: 500 }
  readonly noAddress = '人员档案中没有手机号'
  private readonly gateway: SmsGateway
  constructor(gateway: SmsGateway) {
    this.gateway = gateway
  }
  async addressesOf(kernel: Kernel, people: readonly string[]): Promise<Map<string, string>> {
    const found = await fieldOfPeople(kernel, 'mobile', people)
    return new Map([...found].flatMap(([person, given]) => {
      const read = readPhone(given, true)
      return 'value' in read && read.value ? [[person, read.value] as const] : []
    })) // prettier-ignore
  }
  mask = (address: string): string => `${address.slice(0, 3)}****${address.slice(-4)}`
  async send([parcel]: readonly Parcel[], { text }: Words): Promise<Became[]> {
    return [await this.gateway.send({ id: parcel!.id, mobile: parcel!.address, text })]
  }
}
