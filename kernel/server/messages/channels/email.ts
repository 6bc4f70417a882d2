import type { Kernel } from '../../kernel.ts'
import type { Became, Channel, Parcel, Words } from './channel.ts'
import { patienceMs, type MailServer } from './mail-server.ts'
import { fieldOfPeople } from './person-fields.ts'

/** Letters to the mailbox of the file. */
export class EmailChannel implements Channel {
  readonly name = 'email'
  readonly atOnce = 1
  readonly calls = 4
  readonly patienceMs = patienceMs
  readonly longest = { title: 200, text: 20_000 }
  readonly noAddress = '人员档案中没有邮箱'
  private readonly server: MailServer
  constructor(server: MailServer) {
    this.server = server
  }
  addressesOf = (kernel: Kernel, people: readonly string[]): Promise<Map<string, string>> => fieldOfPeople(kernel, 'email', people)
  mask = (address: string): string => address.replace(/^(.).*(?=@)/, '$1***')
  async send([parcel]: readonly Parcel[], { title, text }: Words): Promise<Became[]> {
    return [await this.server.send({ id: parcel!.id, to: parcel!.address, subject: title.replaceAll(/\s+/g, ' '), text })]
  }
}
